"""Operations of provisioning."""
