// The API's description, tried in the person's own session: Swagger UI with her CSRF token.
const page = document.getElementById("api-docs");
SwaggerUIBundle({
  url: page.dataset.schema,
  domNode: page,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = page.dataset.csrf;
    return request;
  },
});
