// The error that the appliance's rules throw when they reject a request; http/ turns it into a response.

/** A rejected request: the HTTP status, and the text of `message` in the response body. */
export class ApiError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413,
    message: string,
  ) {
    super(message);
  }
}
