/* eslint-disable */
/** Made from docs/openapi.json by `npm run openapi`; changes here are lost. */

export interface paths {
  '/api/v1/new': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Create an organization and its first SuperAdmins */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewOrganization'];
        };
      };
      responses: {
        /** @description Done */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Identity'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ORGANIZATION_EXISTS: Organization already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Exchange username and password for a token */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The organization, when it is not in the body */
          'X-Org-Id'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Login'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Token'];
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RATE_LIMITED: Too many requests */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Exchange a token for a new one
     * @description Level Read
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': Record<string, never>;
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Token'];
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Revoke the token
     * @description Level Read
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': Record<string, never>;
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the users
     * @description Level Admin
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['User'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Create a user; an Admin or SuperAdmin only by a SuperAdmin
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewUser'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['User'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description USER_EXISTS: User already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/users/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a user
     * @description Level Admin
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Username or uuid */
          user: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['User'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Delete a user; the last SuperAdmin stays
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Username or uuid */
          user: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LAST_SUPER_ADMIN: The last SuperAdmin cannot be removed */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Change password, description or level of a user
     * @description Level Admin
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Username or uuid */
          user: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['UserChanges'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['User'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LAST_SUPER_ADMIN: The last SuperAdmin cannot be removed */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v1/endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the endpoints
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Endpoint'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Create an endpoint: a target that templates run against
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewEndpoint'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Identity'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; ENDPOINT_EXISTS: Endpoint already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/endpoints/{endpoint}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show an endpoint; credentials never come back
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          endpoint: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Endpoint'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Delete an endpoint that no template uses
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          endpoint: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_IN_USE: Endpoint is in use */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Change an endpoint; config is replaced as a whole
     * @description Level Admin
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          endpoint: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['EndpointChanges'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Endpoint'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_ALLOWED: Endpoint is not allowed */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v1/endpoints/{endpoint}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Connect to an endpoint and say what it can promise
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          endpoint: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': Record<string, never>;
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['EndpointReport'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/templates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the templates
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Template'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Create a template
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewTemplate'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Identity'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; TEMPLATE_EXISTS: Template already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/templates/{template}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a template
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          template: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Template'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Run a template; Write templates need the level Write
     * @description Level Read
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          template: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['TemplateResult'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed; REQUIRED_PARAMETER_MISSING: Required parameter missing */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_EXECUTION_FAILED: Template execution failed; RESULT_TOO_LARGE: Result too large; EXPECTATION_FAILED: Template expectation not met; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    /**
     * Delete a template that no API and no migration binds
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          template: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_IN_USE: Template is in use */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Change a template; plans of migrations that bind it are void
     * @description Level Admin
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          template: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['TemplateChanges'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Template'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found; ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v1/templates/{template}/render': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Show the statements of a template without running them
     * @description Level Read
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          template: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['RenderedTemplate'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed; REQUIRED_PARAMETER_MISSING: Required parameter missing */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_NOT_RENDERED: Template could not be rendered */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/apis': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the APIs
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          /** @description Those of sources as well */
          managed?: 'true' | 'false';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Api'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Create an API
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewApi'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Identity'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; API_EXISTS: Api already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/apis/{api}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show an API
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          api: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Api'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_NOT_FOUND: Api not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Run an API; one with other templates than Read needs the level Write
     * @description Level Read
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          api: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: {
                [key: string]: unknown;
              };
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed; REQUIRED_FIELD_MISSING: Missing required field */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_NOT_FOUND: Api not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_EXECUTION_FAILED: Template execution failed; RESULT_TOO_LARGE: Result too large; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    /**
     * Delete an API that is in no migration
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          api: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_NOT_FOUND: Api not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_IN_USE: Api is in use */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Change an API; fields and bindings are replaced as a whole
     * @description Level Admin
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          api: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['ApiChanges'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Api'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_NOT_FOUND: Api not found; TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v1/migrations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the migrations
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['ListedMigration'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    /**
     * Create a migration without APIs
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewMigration'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_EXISTS: Migration already exists */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a migration; X-Eden-Verbose: true adds the APIs themselves
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: {
          /** @description Exactly true: the verbose form */
          'X-Eden-Verbose'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Migration'] | components['schemas']['VerboseMigration'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    /**
     * Delete a migration and its lock; its APIs are free again
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    /**
     * Change description, parameters or options; the plan is void
     * @description Level Admin
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['MigrationChanges'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Migration'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v1/migrations/{migration}/add_api': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make an API part of a migration
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AddApi'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; API_NOT_FOUND: Api not found; TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; API_HAS_MIGRATION: Api Schema already has an active migration; RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/apis/{api}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take an API out of a migration
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description Id or uuid */
          api: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; API_NOT_FOUND: Api not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/sources/{source}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a folder with the state of every file: as last seen, or as its database has it now
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          /** @description Reads the history in the target now */
          live?: 'true' | 'false';
        };
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description Id or uuid */
          source: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Source'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; SOURCE_NOT_FOUND: Source not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SOURCE_REFUSED: Source cannot be applied */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    /**
     * Make a folder of another migration tool part of a migration, or replace it
     * @description Level Admin
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description Id or uuid */
          source: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewSource'];
          'multipart/form-data': {
            /** @description The same body as JSON, without its files */
            source: string;
            /** @description One part for each file; its filename is the path */
            files: string[];
          };
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['PutSource'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; SOURCE_NOT_FOUND: Source not found; ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description API_EXISTS: Api already exists; MIGRATION_STATE: Migration is in state; MIGRATION_CHANGED: Migration was changed by somebody else; RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SOURCE_REFUSED: Source cannot be applied */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    post?: never;
    /**
     * Take a folder out of a migration
     * @description Level Admin
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description Id or uuid */
          source: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; SOURCE_NOT_FOUND: Source not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_IN_PROGRESS: Migration run in progress */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the folders of a migration with the state of every file, as last seen
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Source'][];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/sources/{source}/files/{path}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a file of a folder as it was sent
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description Id or uuid */
          source: string;
          /** @description Of a file within its folder; its slashes stay as they are */
          path: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['SourceText'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; SOURCE_NOT_FOUND: Source not found; SOURCE_FILE_NOT_FOUND: Source file not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Show what a migration of these folders would do, without storing anything
     * @description Level Write
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['NewPlan'];
          'multipart/form-data': {
            /** @description The same body as JSON, without its files */
            plan: string;
            /** @description One part for each file; its filename is the path */
            files: string[];
          };
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Plan'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; SOURCE_REFUSED: Source cannot be applied; ATOMICITY_REFUSED: Atomicity "strict" cannot be kept */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_UNAVAILABLE: Endpoint unavailable; SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Validate all APIs of a migration and make its plan
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description respond-async, or wait=N in seconds (RFC 7240) */
          Prefer?: string;
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Sync'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description Accepted; Location names the run */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['AcceptedRun'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_STATE: Migration is in state; RUN_CANCELLED: Migration run was cancelled */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed; ATOMICITY_REFUSED: Atomicity "strict" cannot be kept */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_EXECUTION_FAILED: Migration execution failed */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/migrate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Commit all APIs of a migration, or none
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description respond-async, or wait=N in seconds (RFC 7240) */
          Prefer?: string;
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Migrate'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description Accepted; Location names the run */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['AcceptedRun'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_NOT_SYNCED: Migration is not synced; PLAN_OUT_OF_DATE: Migration plan is out of date; RUN_IN_PROGRESS: Migration run in progress; RUN_CANCELLED: Migration run was cancelled */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_EXECUTION_FAILED: Migration execution failed */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Undo a completed migration: the rollbacks of its templates in reverse order, and the earlier definitions
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description respond-async, or wait=N in seconds (RFC 7240) */
          Prefer?: string;
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Rollback'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
            };
          };
        };
        /** @description Accepted; Location names the run */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['AcceptedRun'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_STATE: Migration is in state; RUN_IN_PROGRESS: Migration run in progress; RUN_CANCELLED: Migration run was cancelled */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; ROLLBACK_REFUSED: Migration cannot be rolled back */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_EXECUTION_FAILED: Migration execution failed */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Undo the unfinished run of a migration; refused from its commit point on
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description respond-async, or wait=N in seconds (RFC 7240) */
          Prefer?: string;
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': Record<string, never>;
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Run'];
            };
          };
        };
        /** @description Accepted; Location names the run */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Run'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; NO_RUN_IN_PROGRESS: Migration has no run in progress; RUN_NOT_CANCELLABLE: Migration run can no longer be cancelled */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/resolve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a run that is in doubt as a person has found it to be; changes no target
     * @description Level Admin
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Resolve'];
        };
      };
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              message: string;
              data: components['schemas']['Run'];
            };
          };
        };
        /** @description VALIDATION_FAILED: Validation failed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; RUN_NOT_IN_DOUBT: Migration run is not in doubt */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description PAYLOAD_TOO_LARGE: Payload too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE: Unsupported media type */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description LOCK_TIMEOUT: Migration lock acquisition timeout */
        423: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/plan': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show what the last good sync found and migrate will do
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Plan'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found; PLAN_NOT_FOUND: Plan not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/lock': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show who holds or waits for the locks of a migration and its APIs
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Lock'][];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the runs of a migration, without their APIs
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['RunSummary'][];
              next_cursor: string | null;
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/runs/{run}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a run
     * @description Level Read
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          run: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['Run'];
            };
          };
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_NOT_FOUND: Run not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/runs/{run}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened in a run, oldest first: a list, or, for text/event-stream, as it comes
     * @description Level Read
     */
    get: {
      parameters: {
        query?: {
          /** @description Only events behind this sequence number */
          after?: number | null;
        };
        header?: {
          /** @description Of a stream: only events behind this one */
          'Last-Event-ID'?: string;
        };
        path: {
          run: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'success';
              data: components['schemas']['RunEvent'][];
            };
            'text/event-stream': components['schemas']['RunEvent'];
          };
        };
        /** @description The run has ended, and there are no further events */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description AUTHENTICATION_REQUIRED: Authentication required */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_NOT_FOUND: Run not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RATE_LIMITED: Too many requests */
        429: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description SERVICE_UNAVAILABLE: Service unavailable */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AcceptedRun: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      run: string;
    };
    AddApi: {
      /**
       * @description Id or uuid
       * @example customer_schema_v2
       */
      id: string;
      bindings: components['schemas']['NewBinding'][];
      /** @default 0 */
      stage?: number;
      next?: {
        fields?: components['schemas']['Field'][];
        bindings?: components['schemas']['NewBinding'][];
      };
    };
    Api: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @description Of a source: it comes and goes with it */
      managed?: boolean;
      fields: components['schemas']['Field'][];
      bindings: components['schemas']['Binding'][];
      migration: components['schemas']['Membership'];
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    ApiChanges: {
      description?: string | null;
      fields?: components['schemas']['Field'][];
      bindings?: components['schemas']['NewBinding'][];
    };
    Batch: {
      size: number | string;
      start?: number | string;
      /** @enum {string} */
      commit?: 'together' | 'each';
    };
    Binding: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      template: string;
      fields: {
        [key: string]: unknown;
      };
    };
    Blocker: {
      pid: number | null;
      /** @description None for a process of the server itself */
      user: string | null;
      application: string | null;
      query: string | null;
      age_ms: number | null;
      database: string;
      /** @description Of a prepared transaction, which has no pid, application or query */
      prepared_id: string | null;
    };
    DoubtfulDatabase: {
      database: string;
      endpoint_id: string;
      prepared_id: string;
      /** @description Ids of the APIs that change it */
      apis: string[];
      /** @enum {string} */
      ledger: 'absent' | 'present' | 'not read';
      details: string;
    };
    Endpoint: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      kind: 'Postgres';
      description: string | null;
      /** @description Without credentials */
      config: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    EndpointChanges: {
      description?: string | null;
      config?: {
        [key: string]: unknown;
      };
    };
    EndpointReport: {
      /** @enum {boolean} */
      connected: true;
      latency_ms: number;
      server_version: string;
      /**
       * @description The best level that a migration can have here
       * @example atomic
       */
      atomicity: string;
      /** @description Whether transactions can be prepared there now */
      preparing: {
        possible: boolean;
        /** @description How many the server keeps at once, of everybody */
        max_prepared_transactions: number;
        slots_free: number;
        /** @description Why not, each with what to do about it */
        reasons: string[];
      };
    };
    Error: {
      /** @description The sentence for people */
      error: string;
      /**
       * @description For programs
       * @example TEMPLATE_NOT_FOUND
       */
      code: string;
      request_id: string;
      issues?: {
        path: string;
        message: string;
      }[];
    } & {
      [key: string]: unknown;
    };
    Field: {
      name: string;
      /** @enum {string} */
      type: 'String' | 'Number' | 'Boolean' | 'Object' | 'Array';
      description?: string;
      required: boolean;
    };
    Identity: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
    };
    ListedMigration: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      state: 'Pending' | 'In Progress' | 'Completed' | 'Failed' | 'Rolled Back';
      api_uuids: string[];
      /**
       * @description Of the last plan; null before the first good sync
       * @enum {string|null}
       */
      atomicity: 'atomic' | 'compensated' | 'best effort' | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /** @description The latest, without its APIs */
      run: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        uuid: string;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        migration: string;
        migration_id: string;
        /** @enum {string} */
        kind: 'sync' | 'migrate' | 'rollback';
        /** @enum {string} */
        state:
          | 'queued'
          | 'waiting_for_lock'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'cancelled'
          | 'in_doubt';
        epoch: number;
        actor: string;
        attempt: number;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        created_at: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        started_at: string | null;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        finished_at: string | null;
        lock_wait_ms: number | null;
        parallel_execution_ms: number | null;
        error?: components['schemas']['StoredError'];
        /** @description Why it waits, was queued again, or is or was undone */
        reason?: string;
        cancelled_by?: string;
      } | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    Lock: {
      resource: {
        /** @enum {string} */
        kind: 'migration' | 'api';
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        uuid: string;
      };
      writer: components['schemas']['LockHolder'];
      readers: components['schemas']['LockHolder'][];
      waiting: components['schemas']['LockHolder'][];
    };
    LockHolder: {
      process: string;
      purpose: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      since: string;
      fence?: number;
      /** @description Local users that share this lease */
      count: number;
    } | null;
    Login: {
      /**
       * @description Organization
       * @example customer_schema_v2
       */
      id?: string;
    };
    Membership: {
      /**
       * Format: uuid
       * @description Of the migration
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @description Synced with this membership as it is */
      state: boolean;
      stage: number;
      bindings: components['schemas']['Binding'][];
      next: {
        fields?: components['schemas']['Field'][];
        bindings?: components['schemas']['Binding'][];
      } | null;
    } | null;
    Migrate: {
      /**
       * @description Overrides of parameters for this run
       * @default {}
       */
      migration?: {
        [key: string]: unknown;
      };
    };
    Migration: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      state: 'Pending' | 'In Progress' | 'Completed' | 'Failed' | 'Rolled Back';
      api_uuids: string[];
      /**
       * @description Of the last plan; null before the first good sync
       * @enum {string|null}
       */
      atomicity: 'atomic' | 'compensated' | 'best effort' | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /** @description The latest */
      run: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        uuid: string;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        migration: string;
        migration_id: string;
        /** @enum {string} */
        kind: 'sync' | 'migrate' | 'rollback';
        /** @enum {string} */
        state:
          | 'queued'
          | 'waiting_for_lock'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'cancelled'
          | 'in_doubt';
        epoch: number;
        actor: string;
        attempt: number;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        created_at: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        started_at: string | null;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        finished_at: string | null;
        lock_wait_ms: number | null;
        parallel_execution_ms: number | null;
        error?: components['schemas']['StoredError'];
        /** @description Why it waits, was queued again, or is or was undone */
        reason?: string;
        cancelled_by?: string;
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'bindings';
        };
        apis: components['schemas']['RunApi'][];
      } | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    MigrationChanges: {
      description?: string | null;
      parameters?: {
        [key: string]: unknown;
      };
      options?: components['schemas']['MigrationOptions'];
    };
    /** @default {} */
    MigrationOptions: {
      /** @enum {string} */
      atomicity?: 'strict' | 'best';
      lock_timeout_ms?: number;
      max_parallel?: number;
    };
    NewApi: {
      /** @example customer_schema_v2 */
      id: string;
      description?: string;
      /** @default [] */
      fields?: components['schemas']['Field'][];
      /** @default [] */
      bindings?: components['schemas']['NewBinding'][];
    };
    NewBinding: {
      /**
       * @description Id or uuid
       * @example customer_schema_v2
       */
      template: string;
      /** @default {} */
      fields?: {
        [key: string]: unknown;
      };
    };
    NewEndpoint: {
      /** @example customer_schema_v2 */
      id: string;
      /** @enum {string} */
      kind: 'Postgres';
      description?: string;
      config: {
        [key: string]: unknown;
      };
    };
    NewMigration: {
      /** @example customer_schema_v2 */
      id: string;
      description?: string;
      /** @default {} */
      parameters?: {
        [key: string]: unknown;
      };
      options?: components['schemas']['MigrationOptions'];
    };
    NewOrganization: {
      /** @example customer_schema_v2 */
      id: string;
      description?: string;
      super_admins: {
        /** @example ann@example.com */
        username: string;
        password: string;
      }[];
    };
    NewPlan: {
      sources: {
        /**
         * @description Default: the endpoint’s id
         * @example customer_schema_v2
         */
        id?: string;
        /**
         * @description Id or uuid
         * @example customer_schema_v2
         */
        endpoint: string;
        /**
         * @default auto
         * @enum {string}
         */
        tool?:
          | 'dbmate'
          | 'golang-migrate'
          | 'goose'
          | 'prisma'
          | 'flyway'
          | 'node-pg-migrate'
          | 'drizzle'
          | 'liquibase'
          | 'auto';
        /** @default 0 */
        stage?: number;
        options?: components['schemas']['SourceOptions'];
        /**
         * @description Left out where they come as parts of their own
         * @default []
         */
        files?: components['schemas']['NewSourceFile'][];
      }[];
      apis?: {
        [key: string]: unknown;
      }[];
      parameters?: {
        [key: string]: unknown;
      };
      options?: {
        [key: string]: unknown;
      };
    };
    NewSource: {
      /**
       * @description Id or uuid
       * @example customer_schema_v2
       */
      endpoint: string;
      /**
       * @default auto
       * @enum {string}
       */
      tool?:
        | 'dbmate'
        | 'golang-migrate'
        | 'goose'
        | 'prisma'
        | 'flyway'
        | 'node-pg-migrate'
        | 'drizzle'
        | 'liquibase'
        | 'auto';
      /** @default 0 */
      stage?: number;
      options?: components['schemas']['SourceOptions'];
      /**
       * @description Left out where they come as parts of their own
       * @default []
       */
      files?: components['schemas']['NewSourceFile'][];
    };
    NewSourceFile: {
      path: string;
      text: string;
    };
    NewTemplate: {
      /** @example customer_schema_v2 */
      id: string;
      description?: string;
      template: {
        /**
         * @description Id or uuid
         * @example customer_schema_v2
         */
        endpoint?: string;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        endpoint_uuid?: string;
        /** @enum {string} */
        endpoint_kind?: 'Postgres';
        /** @enum {string} */
        kind: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template: components['schemas']['SqlOperation'] | components['schemas']['Transaction'];
      };
      defaults?: {
        [key: string]: unknown;
      };
      rollback?: components['schemas']['SqlOperation'] | components['schemas']['Transaction'];
      outputs?: {
        [key: string]: string;
      };
      expect?:
        | {
            value?: unknown;
          }
        | {
            row_count: number;
          }
        | {
            /** @enum {boolean} */
            no_rows: true;
          };
      batch?: components['schemas']['Batch'];
      timeout_ms?: number;
      lock_timeout_ms?: number;
      retries?: number;
      transactional?: boolean;
    };
    NewUser: {
      /** @example ann@example.com */
      username: string;
      password: string;
      description?: string;
      /**
       * @default Read
       * @enum {string}
       */
      access_level?: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
    };
    Plan: {
      hash: string;
      /** @description False when the migration has changed since: sync again */
      current: boolean;
      /** @enum {string} */
      atomicity: 'atomic' | 'compensated' | 'best effort';
      apis: components['schemas']['PlannedApi'][];
      databases: components['schemas']['PlannedDatabase'][];
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
    };
    PlannedApi: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      api: string;
      api_id: string;
      stage: number;
      bindings: components['schemas']['PlannedBinding'][];
    };
    PlannedBinding: {
      /**
       * Format: uuid
       * @description Null for a file of a source
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      template: string;
      template_id: string | null;
      /** @description Id of the source */
      source?: string;
      file?: string;
      version?: string;
      /** @description Hex, of the bytes of the file */
      sha256?: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      endpoint: string;
      endpoint_id: string;
      statements: string[];
      fields: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      class: '2pc' | 'one-phase' | 'compensable' | 'irreversible';
      findings: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
      }[];
      estimated_rows: number | null;
    };
    PlannedDatabase: {
      /** @description Opaque; equal for endpoints that reach one database */
      key: string;
      database: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      endpoint: string;
      role: string;
      server_version: string;
      schema_fingerprint: string;
      /** @description Is not prepared, as it cannot be or is the only one: commits by itself once all others are prepared */
      last_resource: boolean;
      /** @description Why it is the last resource */
      reason?: string;
      /** @description What may cut a run short there, or make it wait */
      findings: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
      }[];
    };
    PutSource: {
      /** @description Its id */
      source: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      tool:
        | 'dbmate'
        | 'golang-migrate'
        | 'goose'
        | 'prisma'
        | 'flyway'
        | 'node-pg-migrate'
        | 'drizzle'
        | 'liquibase'
        | 'auto';
      /** @description Id of the API that it has in the migration */
      api: string;
      files: components['schemas']['SourceFile'][];
    };
    RenderedTemplate: {
      statements: {
        query: string;
        params: unknown[];
      }[];
    };
    Resolve: {
      /**
       * @description Whether the migration counts as done everywhere, or as not done
       * @enum {string}
       */
      decision: 'commit' | 'abort';
      /** @description For the audit: what was found, and what was mended by hand */
      reason: string;
    };
    Rollback: Record<string, never>;
    Run: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      migration: string;
      migration_id: string;
      /** @enum {string} */
      kind: 'sync' | 'migrate' | 'rollback';
      /** @enum {string} */
      state:
        | 'queued'
        | 'waiting_for_lock'
        | 'running'
        | 'prepared'
        | 'committing'
        | 'succeeded'
        | 'failed'
        | 'aborting'
        | 'cancelled'
        | 'in_doubt';
      epoch: number;
      actor: string;
      attempt: number;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      started_at: string | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      finished_at: string | null;
      lock_wait_ms: number | null;
      parallel_execution_ms: number | null;
      error?: components['schemas']['StoredError'];
      /** @description Why it waits, was queued again, or is or was undone */
      reason?: string;
      cancelled_by?: string;
      progress: {
        done: number;
        estimated: number | null;
        /** @enum {string} */
        unit: 'bindings';
      };
      apis: components['schemas']['RunApi'][];
    };
    RunApi: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      api: string;
      api_id: string;
      stage: number;
      /** @enum {string} */
      state: 'pending' | 'running' | 'succeeded' | 'failed' | 'rolled_back';
      /** @enum {string} */
      class: '2pc' | 'one-phase' | 'compensable' | 'irreversible';
      bindings: components['schemas']['RunBinding'][];
    };
    RunBinding: {
      /**
       * Format: uuid
       * @description Null for a file of a source
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      template: string;
      template_id: string | null;
      /** @description Id of the source */
      source?: string;
      file?: string;
      version?: string;
      /** @description Hex, of the bytes of the file */
      sha256?: string;
      /** @enum {string} */
      state: 'pending' | 'running' | 'succeeded' | 'failed' | 'rolled_back';
      attempts: number;
      rows: number;
      progress: {
        done: number;
        estimated: number | null;
        /** @enum {string} */
        unit: 'rows';
      };
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      started_at: string | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      finished_at: string | null;
      execution_time_ms: number;
      error?: components['schemas']['StoredError'];
    };
    RunEvent:
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'queued';
          data: {
            /** @enum {string} */
            kind: 'sync' | 'migrate' | 'rollback';
            /** @enum {string} */
            slot: 'active' | 'behind';
            actor: string;
            reason?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'waiting_for_lock';
          data: {
            reason?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'waiting';
          data: {
            reason: string;
            endpoint_id?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'started';
          data: {
            epoch: number;
            attempt: number;
            lock_wait_ms: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'api_finished';
          data: {
            /**
             * Format: uuid
             * @example 550e8400-e29b-41d4-a716-446655440000
             */
            api: string;
            api_id: string;
            /** @enum {string} */
            state: 'pending' | 'running' | 'succeeded' | 'failed' | 'rolled_back';
            rows: number;
            execution_time_ms: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'blocked';
          data: {
            endpoint_id: string;
            blockers: components['schemas']['Blocker'][];
            lock_timeout_ms?: number;
            sqlstate?: string;
            message?: string;
            reason?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'notice';
          data: {
            endpoint_id: string;
            /**
             * Format: uuid
             * @example 550e8400-e29b-41d4-a716-446655440000
             */
            api?: string;
            api_id?: string;
            binding?: number;
            template?: string;
            severity: string;
            sqlstate: string;
            message: string;
            detail?: string;
            hint?: string;
            where?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'further_notices';
          data: {
            /** @description Absent: of the whole run */
            endpoint_id?: string;
            /**
             * Format: uuid
             * @example 550e8400-e29b-41d4-a716-446655440000
             */
            api?: string;
            api_id?: string;
            binding?: number;
            template?: string;
            /** @description So many more than are kept */
            count: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'database_identified';
          data: {
            database: string;
            endpoint_id: string;
            /** @enum {string} */
            change: 'moved' | 'renewed';
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'prepared';
          data: {
            participants: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'deciding';
          data: {
            epoch: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'commit_decided';
          data: {
            epoch: number;
            parallel_execution_ms?: number;
            committed_before?: boolean;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'target_committed';
          data: {
            database: string;
            endpoint_id: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'in_doubt';
          data: {
            code: string;
            decided: boolean;
            databases: components['schemas']['DoubtfulDatabase'][];
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'aborting';
          data: {
            epoch: number;
            /** @enum {string} */
            outcome: 'failed' | 'requeue' | 'cancelled';
            reason?: string;
            decided?: boolean;
            cancelled_by?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'contradicted';
          data: {
            database: string;
            endpoint_id: string;
            found: string;
            details: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'requeued';
          data: {
            /** @description The next one */
            attempt: number;
            reason?: string;
            /** @description How long nobody begins it */
            pause_ms?: number;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'recovered';
          data: {
            /** @enum {string} */
            state:
              | 'queued'
              | 'waiting_for_lock'
              | 'running'
              | 'deciding'
              | 'committing'
              | 'succeeded'
              | 'aborting'
              | 'failed'
              | 'cancelled'
              | 'in_doubt';
            epoch: number;
            attempt?: number;
            reason?: string;
            /** @description That ended without a word */
            worker?: string;
          };
        }
      | {
          sequence: number;
          /**
           * Format: date-time
           * @example 2024-01-15T10:30:00.000Z
           */
          at: string;
          /** @enum {string} */
          type: 'finished';
          data: {
            /** @enum {string} */
            state: 'succeeded' | 'failed' | 'cancelled';
            code?: string;
            error?: string;
            plan_hash?: string;
            cancelled_by?: string;
            resolved?: {
              /** @enum {string} */
              decision: 'commit' | 'abort';
              reason: string;
              actor: string;
            };
          };
        };
    RunSummary: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      migration: string;
      migration_id: string;
      /** @enum {string} */
      kind: 'sync' | 'migrate' | 'rollback';
      /** @enum {string} */
      state:
        | 'queued'
        | 'waiting_for_lock'
        | 'running'
        | 'prepared'
        | 'committing'
        | 'succeeded'
        | 'failed'
        | 'aborting'
        | 'cancelled'
        | 'in_doubt';
      epoch: number;
      actor: string;
      attempt: number;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      started_at: string | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      finished_at: string | null;
      lock_wait_ms: number | null;
      parallel_execution_ms: number | null;
      error?: components['schemas']['StoredError'];
      /** @description Why it waits, was queued again, or is or was undone */
      reason?: string;
      cancelled_by?: string;
    };
    Source: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      endpoint: string;
      endpoint_id: string;
      /** @enum {string} */
      tool:
        | 'dbmate'
        | 'golang-migrate'
        | 'goose'
        | 'prisma'
        | 'flyway'
        | 'node-pg-migrate'
        | 'drizzle'
        | 'liquibase'
        | 'auto';
      stage: number;
      options: components['schemas']['SourceOptions'];
      api: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      api_uuid: string;
      files: components['schemas']['SourceFileStatus'][];
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      checked_at: string | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    SourceFile: {
      path: string;
      sha256: string;
      /** @description In bytes */
      size: number;
    };
    SourceFileStatus: {
      path: string;
      version: string | null;
      /**
       * @description As last seen; null before the first look
       * @enum {string|null}
       */
      state: 'applied' | 'pending' | 'changed' | 'missing' | 'refused' | null;
      reason: string | null;
      sha256: string | null;
      size: number | null;
    };
    /** @default {} */
    SourceOptions: {
      /** @description Of the history, where the tool does not call it as usual */
      table?: string;
      /** @description Of the history */
      schema?: string;
      /** @description Values of ${name} in the files */
      placeholders?: {
        [key: string]: string;
      };
      /** @description Up to which file an existing database has everything */
      baseline?: string;
      /** @description Refuses (true) or passes over (false) changed, missing and late files */
      strict?: boolean;
      /** @description The last file to apply */
      to?: string;
      /** @description Folder within the source of what takes its files back */
      rollback?: string;
      /** @enum {string} */
      concurrently?: 'outside' | 'inline';
    };
    SourceText: {
      path: string;
      /** @description Null where the bytes are no UTF-8 */
      text: string | null;
      /** @description The bytes exactly as they were sent */
      base64: string;
    };
    SqlOperation: {
      /** @enum {string} */
      syntax?: 'sql';
      query: string;
      params?: unknown[];
      batch?: components['schemas']['Batch'];
    };
    StoredError: {
      error: string;
      code: string;
    } & {
      [key: string]: unknown;
    };
    Sync: {
      /** @enum {boolean} */
      rehearse?: false;
    };
    Template: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      template: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        endpoint_uuid: string;
        /** @enum {string} */
        endpoint_kind: 'Postgres';
        /** @enum {string} */
        kind: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template: components['schemas']['SqlOperation'] | components['schemas']['Transaction'];
      };
      defaults?: {
        [key: string]: unknown;
      };
      rollback?: components['schemas']['SqlOperation'] | components['schemas']['Transaction'];
      outputs?: {
        [key: string]: string;
      };
      expect?:
        | {
            value?: unknown;
          }
        | {
            row_count: number;
          }
        | {
            /** @enum {boolean} */
            no_rows: true;
          };
      batch?: components['schemas']['Batch'];
      timeout_ms?: number;
      lock_timeout_ms?: number;
      retries?: number;
      transactional?: boolean;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    TemplateChanges: {
      description?: string | null;
      template?: {
        /**
         * @description Id or uuid
         * @example customer_schema_v2
         */
        endpoint?: string;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        endpoint_uuid?: string;
        /** @enum {string} */
        endpoint_kind?: 'Postgres';
        /** @enum {string} */
        kind?: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template?: components['schemas']['SqlOperation'] | components['schemas']['Transaction'];
      };
      defaults?: {
        [key: string]: unknown;
      } | null;
      rollback?: components['schemas']['SqlOperation'] | components['schemas']['Transaction'] | null;
      outputs?: {
        [key: string]: string;
      } | null;
      expect?:
        | {
            value?: unknown;
          }
        | {
            row_count: number;
          }
        | {
            /** @enum {boolean} */
            no_rows: true;
          }
        | null;
      batch?: components['schemas']['Batch'] & (Record<string, never> | null);
      timeout_ms?: number | null;
      lock_timeout_ms?: number | null;
      retries?: number | null;
      transactional?: boolean | null;
    };
    TemplateResult: {
      rows: {
        [key: string]: unknown;
      }[];
      row_count: number;
      execution_time_ms: number;
    };
    Token: {
      token: string;
      expires_in: number;
    };
    Transaction: {
      operations: components['schemas']['SqlOperation'][];
    };
    User: {
      username: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      access_level: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
    UserChanges: {
      password?: string;
      description?: string | null;
      /** @enum {string} */
      access_level?: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
    };
    VerboseMigration: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      state: 'Pending' | 'In Progress' | 'Completed' | 'Failed' | 'Rolled Back';
      apis: components['schemas']['Api'][];
      /**
       * @description Of the last plan; null before the first good sync
       * @enum {string|null}
       */
      atomicity: 'atomic' | 'compensated' | 'best effort' | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /** @description The latest */
      run: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        uuid: string;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        migration: string;
        migration_id: string;
        /** @enum {string} */
        kind: 'sync' | 'migrate' | 'rollback';
        /** @enum {string} */
        state:
          | 'queued'
          | 'waiting_for_lock'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'cancelled'
          | 'in_doubt';
        epoch: number;
        actor: string;
        attempt: number;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        created_at: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        started_at: string | null;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        finished_at: string | null;
        lock_wait_ms: number | null;
        parallel_execution_ms: number | null;
        error?: components['schemas']['StoredError'];
        /** @description Why it waits, was queued again, or is or was undone */
        reason?: string;
        cancelled_by?: string;
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'bindings';
        };
        apis: components['schemas']['RunApi'][];
      } | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      updated_at: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
