"""
Provisioning: the region's directory tells by SCIM 2.0 who has come, moved and left (RFC 7643 and 7644).

Words: *directory key* (katalognyckel), *provisioned person* (katalogperson) and *group* (kataloggrupp): those that the directory
tells of; *message* (katalogmeddelande): what it told. What groups mean here are the group rules of organizations.
May import everything but demo, desk, shop and office.
"""
