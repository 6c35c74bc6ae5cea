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
     * @description Level Read. No API keys.
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
     * @description Level Read. No API keys.
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
  '/api/v1/auth/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show who asks
     * @description Level Read. API keys with the scope read or execute or migrate or approve or gate.
     */
    get: {
      parameters: {
        query?: never;
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
              data: components['schemas']['Caller'];
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
  '/api/v1/auth/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Log a browser in: a token, and a cookie that fetches further ones */
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
    /** End the session of a browser */
    delete: {
      parameters: {
        query?: never;
        header: {
          /** @description Exactly 1: shows that no other site has sent the request */
          'X-Eden-Csrf': string;
        };
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
  '/api/v1/auth/session/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Exchange the cookie of a session for a token */
    post: {
      parameters: {
        query?: never;
        header: {
          /** @description Exactly 1: shows that no other site has sent the request */
          'X-Eden-Csrf': string;
        };
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
  '/api/v1/auth/providers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the ways in which a browser can log in */
    get: {
      parameters: {
        query?: never;
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
              data: components['schemas']['LoginProvider'][];
            };
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
  '/api/v1/auth/oidc/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Send a browser to the identity provider */
    get: {
      parameters: {
        query?: {
          /** @description Where the browser goes when it is logged in */
          return_to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        302: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': null;
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
        /** @description ROUTE_NOT_FOUND: Route not found */
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
  '/api/v1/auth/oidc/callback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Take a browser back from the identity provider, and open its session */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Done */
        302: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': null;
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
        /** @description ROUTE_NOT_FOUND: Route not found */
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
  '/api/v1/iam/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the users
     * @description Level Admin. API keys with the scope read.
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
    /**
     * Create a user; an Admin or SuperAdmin only by a SuperAdmin
     * @description Level Admin. No API keys.
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
  '/api/v1/iam/users/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a user
     * @description Level Admin. API keys with the scope read.
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
    /**
     * Delete a user; the last SuperAdmin stays
     * @description Level Admin. No API keys.
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
    options?: never;
    head?: never;
    /**
     * Change password, description or level of a user
     * @description Level Admin. No API keys.
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
    trace?: never;
  };
  '/api/v1/iam/robots': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the robots, without their keys
     * @description Level Admin. API keys with the scope read.
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
              data: components['schemas']['Robot'][];
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
    /**
     * Create a robot and its key; one with the level Admin or SuperAdmin only by a SuperAdmin
     * @description Level Admin. No API keys.
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
          'application/json': components['schemas']['NewRobot'];
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
              data: components['schemas']['RobotWithKey'];
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
  '/api/v1/iam/robots/{robot}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a robot, without its key
     * @description Level Admin. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Name or uuid */
          robot: string;
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
              data: components['schemas']['Robot'];
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
        /** @description ROBOT_NOT_FOUND: Robot not found */
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
    /**
     * Delete a robot; its key is worth nothing from then on
     * @description Level Admin. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Name or uuid */
          robot: string;
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
        /** @description ROBOT_NOT_FOUND: Robot not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/robots/{robot}/rotate-key': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a robot another key; the one before is worth nothing from then on
     * @description Level Admin. No API keys.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Name or uuid */
          robot: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['RotateKey'];
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
              data: components['schemas']['RobotWithKey'];
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
        /** @description ROBOT_NOT_FOUND: Robot not found */
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
  '/api/v1/iam/rbac/endpoints/{endpoint}/subjects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the grants on an endpoint
     * @description Level Admin, or that of a grant on the endpoint. API keys with the scope read.
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
              data: components['schemas']['Grants'];
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
    /**
     * Give levels on an endpoint in place of those in the organization; nobody gives more than they have
     * @description Level Admin, or that of a grant on the endpoint. No API keys.
     */
    post: {
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
          'application/json': components['schemas']['NewGrants'];
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
              data: components['schemas']['Grants'];
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
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found; USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description GRANTS_EXCEEDED: Too many grants */
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
  '/api/v1/iam/rbac/endpoints/{endpoint}/subjects/{subject}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show the grant of a subject on an endpoint
     * @description Level Admin, or that of a grant on the endpoint. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          endpoint: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
              data: components['schemas']['SubjectGrant'];
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
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    /**
     * Take the grant of a subject on an endpoint away: the level in the organization holds again
     * @description Level Admin, or that of a grant on the endpoint. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          endpoint: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/rbac/templates/{template}/subjects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the grants on a template
     * @description Level Admin, or that of a grant on the template. API keys with the scope read.
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
              data: components['schemas']['Grants'];
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
    /**
     * Give levels on a template in place of those in the organization; nobody gives more than they have
     * @description Level Admin, or that of a grant on the template. No API keys.
     */
    post: {
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
          'application/json': components['schemas']['NewGrants'];
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
              data: components['schemas']['Grants'];
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
        /** @description TEMPLATE_NOT_FOUND: Template not found; USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description GRANTS_EXCEEDED: Too many grants */
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
  '/api/v1/iam/rbac/templates/{template}/subjects/{subject}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show the grant of a subject on a template
     * @description Level Admin, or that of a grant on the template. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          template: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
              data: components['schemas']['SubjectGrant'];
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
        /** @description TEMPLATE_NOT_FOUND: Template not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    /**
     * Take the grant of a subject on a template away: the level in the organization holds again
     * @description Level Admin, or that of a grant on the template. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          template: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
        /** @description TEMPLATE_NOT_FOUND: Template not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/rbac/apis/{api}/subjects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the grants on an API
     * @description Level Admin, or that of a grant on the API. API keys with the scope read.
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
              data: components['schemas']['Grants'];
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
    /**
     * Give levels on an API in place of those in the organization; nobody gives more than they have
     * @description Level Admin, or that of a grant on the API. No API keys.
     */
    post: {
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
          'application/json': components['schemas']['NewGrants'];
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
              data: components['schemas']['Grants'];
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
        /** @description API_NOT_FOUND: Api not found; USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description GRANTS_EXCEEDED: Too many grants */
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
  '/api/v1/iam/rbac/apis/{api}/subjects/{subject}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show the grant of a subject on an API
     * @description Level Admin, or that of a grant on the API. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          api: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
              data: components['schemas']['SubjectGrant'];
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
        /** @description API_NOT_FOUND: Api not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    /**
     * Take the grant of a subject on an API away: the level in the organization holds again
     * @description Level Admin, or that of a grant on the API. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          api: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
        /** @description API_NOT_FOUND: Api not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/rbac/migrations/{migration}/subjects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the grants on a migration
     * @description Level Admin, or that of a grant on the migration. API keys with the scope read.
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
              data: components['schemas']['Grants'];
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
    /**
     * Give levels on a migration in place of those in the organization; nobody gives more than they have
     * @description Level Admin, or that of a grant on the migration. No API keys.
     */
    post: {
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
          'application/json': components['schemas']['NewGrants'];
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
              data: components['schemas']['Grants'];
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
        /** @description MIGRATION_NOT_FOUND: Migration not found; USER_NOT_FOUND: User not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description GRANTS_EXCEEDED: Too many grants */
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
  '/api/v1/iam/rbac/migrations/{migration}/subjects/{subject}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show the grant of a subject on a migration
     * @description Level Admin, or that of a grant on the migration. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
              data: components['schemas']['SubjectGrant'];
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
        /** @description MIGRATION_NOT_FOUND: Migration not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    /**
     * Take the grant of a subject on a migration away: the level in the organization holds again
     * @description Level Admin, or that of a grant on the migration. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          migration: string;
          /** @description A user or a robot, by name or uuid, or provider:<sub> */
          subject: string;
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
        /** @description MIGRATION_NOT_FOUND: Migration not found; USER_NOT_FOUND: User not found; GRANT_NOT_FOUND: Grant not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/revocations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the subjects of the identity provider that are not let in
     * @description Level Admin. API keys with the scope read.
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
              data: components['schemas']['Revocation'][];
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
    /**
     * Let a subject of the identity provider in no more
     * @description Level Admin. No API keys.
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
          'application/json': components['schemas']['NewRevocation'];
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
              data: components['schemas']['Revocation'];
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
  '/api/v1/iam/revocations/{revocation}': {
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
     * Let a subject of the identity provider in again
     * @description Level Admin. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          revocation: string;
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
        /** @description REVOCATION_NOT_FOUND: Revocation not found */
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
    options?: never;
    head?: never;
    patch?: never;
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
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
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
    /**
     * Create an endpoint: a target that templates run against
     * @description Level Admin. API keys with the scope migrate.
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
  '/api/v1/endpoints/{endpoint}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show an endpoint; credentials never come back
     * @description Level Read, or that of a grant on the endpoint. API keys with the scope read.
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
    /**
     * Delete an endpoint that no template uses
     * @description Level Admin, or that of a grant on the endpoint. API keys with the scope migrate.
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
    options?: never;
    head?: never;
    /**
     * Change an endpoint; config is replaced as a whole
     * @description Level Admin, or that of a grant on the endpoint. API keys with the scope migrate.
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Admin, or that of a grant on the endpoint. API keys with the scope migrate.
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
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
    /**
     * Create a template
     * @description Level Admin. API keys with the scope migrate.
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
          'multipart/form-data': {
            /** @description The same body as JSON, without its files */
            template?: string;
            /** @description Another name of "template" */
            source?: string;
            /**
             * Format: binary
             * @description The text of the template as it is: its "template" has "syntax": "sql" and no query then
             */
            query?: string;
            /**
             * Format: binary
             * @description The text of its rollback, likewise
             */
            rollback?: string;
            /**
             * Format: binary
             * @description Another name of "query"
             */
            files?: string;
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
  '/api/v1/templates/{template}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a template
     * @description Level Read, or that of a grant on the template. API keys with the scope read.
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
    /**
     * Run a template; Write templates need the level Write
     * @description Level Read (Write where a template writes, Admin where it has raw text), or that of a grant on the template. API keys with the scope execute.
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Admin, or that of a grant on the template. API keys with the scope migrate.
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
    options?: never;
    head?: never;
    /**
     * Change a template; plans of migrations that bind it are void
     * @description Level Admin, or that of a grant on the template. API keys with the scope migrate.
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
          'multipart/form-data': {
            /** @description The same body as JSON, without its files */
            template?: string;
            /** @description Another name of "template" */
            source?: string;
            /**
             * Format: binary
             * @description The text of the template as it is: its "template" has "syntax": "sql" and no query then
             */
            query?: string;
            /**
             * Format: binary
             * @description The text of its rollback, likewise
             */
            rollback?: string;
            /**
             * Format: binary
             * @description Another name of "query"
             */
            files?: string;
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
     * @description Level Read, or that of a grant on the template. API keys with the scope read or execute.
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
  '/api/v1/tools/render': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Show the statements of an unsaved template
     * @description Level Read. API keys with the scope read.
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
          'application/json': components['schemas']['UnsavedTemplate'];
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
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_NOT_RENDERED: Template could not be rendered */
        422: {
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
  '/api/v1/tools/lint': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Look at the statements of an unsaved template for what is dangerous
     * @description Level Read. API keys with the scope read.
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
          'application/json': components['schemas']['UnsavedTemplate'];
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
              data: components['schemas']['LintedTemplate'];
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
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_NOT_RENDERED: Template could not be rendered */
        422: {
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
  '/api/v1/apis': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the APIs
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
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
    /**
     * Create an API
     * @description Level Admin. API keys with the scope migrate.
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
  '/api/v1/apis/{api}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show an API
     * @description Level Read, or that of a grant on the API. API keys with the scope read.
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
    /**
     * Run an API; one with other templates than Read needs the level Write
     * @description Level Read (Write where a template writes, Admin where it has raw text), or that of a grant on the API. API keys with the scope execute.
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Admin, or that of a grant on the API. API keys with the scope migrate.
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
    options?: never;
    head?: never;
    /**
     * Change an API; fields and bindings are replaced as a whole
     * @description Level Admin, or that of a grant on the API. API keys with the scope migrate.
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
        /** @description API_MANAGED: Api is managed by a source; RUN_IN_PROGRESS: Migration run in progress */
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
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          state?: 'Pending' | 'In Progress' | 'Completed' | 'Failed' | 'Rolled Back';
          /** @description Of the last plan */
          level?: 'atomic' | 'compensated' | 'best effort';
          /** @description Somewhere in the id or the description */
          q?: string;
          id_prefix?: string;
          /** @description Who made it */
          actor?: string;
          /** @description Changed then or later */
          since?: string;
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
              counts: {
                Pending?: number;
                'In Progress'?: number;
                Completed?: number;
                Failed?: number;
                'Rolled Back'?: number;
              };
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
    /**
     * Create a migration without APIs
     * @description Level Admin. API keys with the scope migrate.
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
  '/api/v1/migrations/{migration}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a migration; X-Eden-Verbose: true adds the APIs themselves
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
    /**
     * Delete a migration and its lock; its APIs are free again
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
    options?: never;
    head?: never;
    /**
     * Change description, parameters or options, which voids the plan, or labels and notes, which does not
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions; APPROVER_INVOLVED: Approval is for somebody else */
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
        /** @description SOURCE_REFUSED: Source cannot be applied; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed; TEMPLATE_EXECUTION_FAILED: Template execution failed */
        422: {
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
    post?: never;
    /**
     * Take a folder out of a migration
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
     * List the folders of a migration with the state of every file: as last seen, or as their databases have it now
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
        /** @description SOURCE_REFUSED: Source cannot be applied; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed; TEMPLATE_EXECUTION_FAILED: Template execution failed */
        422: {
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
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
     * Show what a migration of these APIs and folders would do, without storing anything; equal input has an equal hash
     * @description Level Write. API keys with the scope read or migrate.
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
            /** @description One part for each file of a source; its filename is the path */
            'files[<source>]': string[];
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
        /** @description ENDPOINT_NOT_FOUND: Endpoint not found; API_NOT_FOUND: Api not found; TEMPLATE_NOT_FOUND: Template not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; API_MANAGED: Api is managed by a source */
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
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; TEMPLATE_NOT_RENDERED: Template could not be rendered; SOURCE_REFUSED: Source cannot be applied; ATOMICITY_REFUSED: Atomicity "strict" cannot be kept */
        422: {
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description IDEMPOTENCY_KEY_REUSED: Idempotency-Key was used with another body; ENDPOINT_NOT_ALLOWED: Endpoint is not allowed; ATOMICITY_REFUSED: Atomicity "strict" cannot be kept; REHEARSAL_REFUSED: Migration cannot be rehearsed; REHEARSAL_FAILED: Migration rehearsal failed */
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_NOT_SYNCED: Migration is not synced; PLAN_OUT_OF_DATE: Migration plan is out of date; MIGRATION_AWAITS_APPROVAL: Migration awaits approval; RUN_IN_PROGRESS: Migration run in progress; RUN_CANCELLED: Migration run was cancelled */
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description RATE_LIMITED: Too many requests */
        429: {
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
  '/api/v1/migrations/{migration}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let the plan of a migration run, as somebody who has made nothing of it
     * @description Level Admin, or that of a grant on the migration. API keys with the scope approve.
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
          'application/json': components['schemas']['Approve'];
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
              data: components['schemas']['Approval'];
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
        /** @description INSUFFICIENT_PERMISSIONS: Insufficient permissions; APPROVER_INVOLVED: Approval is for somebody else */
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
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; APPROVAL_NOT_WANTED: Migration wants no approval; MIGRATION_NOT_SYNCED: Migration is not synced; MIGRATION_STATE: Migration is in state; PLAN_OUT_OF_DATE: Migration plan is out of date; RUN_IN_PROGRESS: Migration run in progress */
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
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
  '/api/v1/migrations/{migration}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop the unfinished run of a migration between its batches, or before its atomic part; refused inside it
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; NO_RUN_IN_PROGRESS: Migration has no run in progress; RUN_NOT_PAUSABLE: Migration run cannot be paused now */
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
  '/api/v1/migrations/{migration}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let the paused run of a migration go on from where it stands
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; NO_RUN_IN_PROGRESS: Migration has no run in progress */
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
     * End a run that is in doubt as a person has found it to be; steps outside its transaction that are left go on first
     * @description Level Admin, or that of a grant on the migration. API keys with the scope migrate.
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
  '/api/v1/migrations/{migration}/plan': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show what the last good sync found and migrate will do
     * @description Level Read, or that of a grant on the migration. API keys with the scope read or approve.
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
            'text/plain': string;
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
  '/api/v1/migrations/{migration}/lock': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show who holds or waits for the locks of a migration and its APIs
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
  '/api/v1/migrations/{migration}/drift': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Compare the schemas of its databases with what its last run left, object by object
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
              data: components['schemas']['Drift'][];
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
        /** @description SCHEMA_NOT_KNOWN: Schema of the last run is not known */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description ENDPOINT_NOT_ALLOWED: Endpoint is not allowed; RESULT_TOO_LARGE: Result too large */
        422: {
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
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/migrations/{migration}/gate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Wait for a migration, for init containers and pipelines; with a token of level Read, or a ticket */
    get: {
      parameters: {
        query?: {
          for?: 'synced' | 'approved' | 'completed';
          /** @description Seconds */
          wait?: number | null;
          /** @description wait: a migration that is not there yet is waited for */
          missing?: 'wait';
          /** @description In place of a token */
          ticket?: string;
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
            'application/json': components['schemas']['Gate'];
          };
        };
        /** @description Not yet: ask again */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Gate'];
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
        /** @description GATE_CLOSED: Migration will not get there */
        409: {
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
  '/api/v1/locks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the locks that somebody holds or waits for, of all migrations with a run under way and their APIs
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
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
              data: components['schemas']['MigrationLock'][];
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
  '/api/v1/migrations/{migration}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the runs of a migration, without their APIs
     * @description Level Read, or that of a grant on the migration. API keys with the scope read.
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
              data: components['schemas']['ListedRun'][];
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
  '/api/v1/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the runs of all migrations, without their APIs
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          state?:
            | 'queued'
            | 'waiting_for_lock'
            | 'paused'
            | 'running'
            | 'prepared'
            | 'committing'
            | 'succeeded'
            | 'failed'
            | 'aborting'
            | 'compensating'
            | 'cancelled'
            | 'in_doubt';
          kind?: 'sync' | 'migrate' | 'rollback';
          /** @description Somewhere in the id of its migration */
          q?: string;
          /** @description Who asked for it */
          actor?: string;
          /** @description Asked for then or later */
          since?: string;
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
              data: components['schemas']['ListedRun'][];
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
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What changes in the organization: whatever moves, as it does, or, for application/json, the runs under way
     * @description Level Read; grants decide what is in the list. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: {
          /** @description Of a stream: only events behind this one */
          'Last-Event-ID'?: string;
        };
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
              data: components['schemas']['OrganizationEvent'][];
              next_cursor: string | null;
            };
            'text/event-stream': components['schemas']['OrganizationEvent'];
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
  '/api/v1/runs/{run}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a run
     * @description Level Read, or that of a grant on the migration of the run. API keys with the scope read.
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
    /**
     * Change the pace of a run in batches while it is at work; heard within a second or two
     * @description Level Admin, or that of a grant on the migration of the run. API keys with the scope migrate.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          run: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['TuneRun'];
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
        /** @description RUN_NOT_FOUND: Run not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description RUN_NOT_TUNABLE: Migration run has no pace to change */
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
     * @description Level Read, or that of a grant on the migration of the run. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          /** @description How many at most; without it all of them */
          limit?: number;
          cursor?: string;
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
              next_cursor: string | null;
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
  '/api/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List who did what to what, from where, and what came of it
     * @description Level Admin, and no grant that keeps the caller from anything. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          /** @description Who did it */
          actor?: string;
          /** @description What was done, such as endpoint.create or run.finished */
          action?: string;
          /** @description To what */
          subject?: string;
          /** @description Not before this moment */
          since?: string;
          /** @description Before this moment */
          until?: string;
          /** @description jsonl: all that fit, oldest first, one to a line */
          format?: 'json' | 'jsonl';
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
              data: components['schemas']['AuditEntry'][];
              next_cursor: string | null;
            };
            'application/x-ndjson': components['schemas']['AuditEntry'];
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
  '/api/v1/audit/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Look for entries of the audit that were changed, removed or inserted
     * @description Level Admin, and no grant that keeps the caller from anything. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          /** @description The head of an earlier verification, as <position>:<hash>: whether the chain still leads through it */
          known?: string;
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
              data: components['schemas']['AuditVerification'];
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
  '/api/v1/iam/hooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the deploy hooks
     * @description Level Admin. API keys with the scope read.
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
              data: components['schemas']['Hook'][];
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
    /**
     * Create a deploy hook; its secret is shown this once
     * @description Level Admin. No API keys.
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
          'application/json': components['schemas']['NewHook'];
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
              data: components['schemas']['HookWithSecret'];
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
        /** @description HOOK_EXISTS: Hook already exists */
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
  '/api/v1/iam/hooks/{hook}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a deploy hook, without its secret
     * @description Level Admin. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          hook: string;
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
              data: components['schemas']['Hook'];
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
        /** @description HOOK_NOT_FOUND: Hook not found */
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
    /**
     * Delete a deploy hook: nobody is let in by it any more
     * @description Level Admin. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          hook: string;
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
        /** @description HOOK_NOT_FOUND: Hook not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/hooks/{hook}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a deploy hook another secret; the one so far counts for a while longer
     * @description Level Admin. No API keys.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description Id or uuid */
          hook: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['RotateHook'];
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
              data: components['schemas']['HookWithSecret'];
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
        /** @description HOOK_NOT_FOUND: Hook not found */
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
  '/api/v1/hooks/{hook}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Call a deploy hook: start a run, join the one under way, or hear that it is done */
    post: {
      parameters: {
        query?: never;
        header: {
          /** @description t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body" with the secret of the hook>; several v1 may stand in it */
          'X-Eden-Signature': string;
          /** @description The same key and body within 24 h gives the first answer again */
          'Idempotency-Key'?: string;
        };
        path: {
          /** @description Id or uuid */
          hook: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['HookCall'];
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
              data: components['schemas']['HookedRun'];
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
              data: components['schemas']['HookedRun'];
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
        /** @description HOOK_NOT_ALLOWED: Hook may not do this */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description HOOK_NOT_FOUND: Hook not found; MIGRATION_NOT_FOUND: Migration not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Error'];
          };
        };
        /** @description IDEMPOTENCY_KEY_IN_USE: A request with this Idempotency-Key is still running; MIGRATION_STATE: Migration is in state; MIGRATION_NOT_SYNCED: Migration is not synced; PLAN_OUT_OF_DATE: Migration plan is out of date; RUN_IN_PROGRESS: Migration run in progress */
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
  '/api/v1/iam/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the webhooks
     * @description Level Admin, and no grant that keeps the caller from anything. API keys with the scope read.
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
              data: components['schemas']['Webhook'][];
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
    /**
     * Tell somebody outside of runs; the secret that signs is shown this once
     * @description Level Admin, and no grant that keeps the caller from anything. No API keys.
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
          'application/json': components['schemas']['NewWebhook'];
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
              data: components['schemas']['WebhookWithSecret'];
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
        /** @description WEBHOOK_NOT_ALLOWED: Webhook is not allowed */
        422: {
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
  '/api/v1/iam/webhooks/{webhook}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a webhook, without its secrets
     * @description Level Admin, and no grant that keeps the caller from anything. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhook: string;
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
              data: components['schemas']['Webhook'];
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
        /** @description WEBHOOK_NOT_FOUND: Webhook not found */
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
    /**
     * Delete a webhook, with what is on its way to it
     * @description Level Admin, and no grant that keeps the caller from anything. No API keys.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhook: string;
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
        /** @description WEBHOOK_NOT_FOUND: Webhook not found */
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
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/iam/webhooks/{webhook}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a webhook.test; its deliveries tell how that went
     * @description Level Admin, and no grant that keeps the caller from anything. No API keys.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhook: string;
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
              data: components['schemas']['WebhookDelivery'];
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
        /** @description WEBHOOK_NOT_FOUND: Webhook not found */
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
  '/api/v1/iam/webhooks/{webhook}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a webhook was told, what waits, and what was given up
     * @description Level Admin, and no grant that keeps the caller from anything. API keys with the scope read.
     */
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
        };
        header?: never;
        path: {
          webhook: string;
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
              data: components['schemas']['WebhookDelivery'][];
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
        /** @description WEBHOOK_NOT_FOUND: Webhook not found */
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
  '/api/v1/iam/webhooks/{webhook}/deliveries/{delivery}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send an event once more, with the same id
     * @description Level Admin, and no grant that keeps the caller from anything. No API keys.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhook: string;
          delivery: string;
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
              data: components['schemas']['WebhookDelivery'];
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
        /** @description WEBHOOK_NOT_FOUND: Webhook not found; DELIVERY_NOT_FOUND: Delivery not found */
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
      /** @description What the caller may do with it; execute_writes: also run what does not only read */
      actions: ('execute' | 'execute_writes' | 'update' | 'delete' | 'grant')[];
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
    Approval: {
      plan_hash: string;
      approved_by: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      approved_at: string;
    };
    Approve: {
      /** @description Of the plan that was looked at: no other is approved */
      plan_hash?: string;
    };
    AuditEntry: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      at: string;
      actor: string;
      action: string;
      subject: string;
      /** @description The address of the request, or the worker */
      origin: string | null;
      request_id: string | null;
      /** @description success, or what came of it instead */
      result: string;
      data: {
        [key: string]: unknown;
      };
      /** @description Null until the entry has its place, for about a second */
      link: {
        /** @description Place in the chain of the organization, from 1 */
        position: number;
        /** @description SHA-256 over the link before and the entry */
        hash: string;
      } | null;
    };
    AuditVerification: {
      /** @description Nothing was found */
      intact: boolean;
      /** @description Entries that were looked at */
      links: number;
      /** @description Entries of the last moments that have no place in the chain yet */
      waiting: number;
      head: {
        /** @description Place in the chain of the organization, from 1 */
        position: number;
        /** @description SHA-256 over the link before and the entry */
        hash: string;
      };
      /** @description The last entry that AUDIT_RETENTION_DAYS has taken away */
      checkpoint: {
        /** @description Place in the chain of the organization, from 1 */
        position: number;
        /** @description SHA-256 over the link before and the entry */
        hash: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        at: string;
      } | null;
      findings: {
        /** @enum {string} */
        kind: 'changed' | 'removed' | 'inserted' | 'rewritten';
        position: number | null;
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        entry: string;
        details: string;
      }[];
      further_findings: number;
    };
    BackfillOptions: {
      target_batch_ms?: number;
      /** @description Of all databases of a run together */
      max_rows_per_second?: number;
      max_replica_lag_ms?: number;
      max_active_sessions?: number;
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
    Caller: {
      organization: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      organization_uuid: string;
      name: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      kind: 'user' | 'robot';
      /** @enum {string} */
      level: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
      /** @description Of the key; null for people, whom only their level binds */
      scopes: ('read' | 'execute' | 'migrate' | 'approve' | 'gate')[] | null;
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
    DoubtfulStep: {
      number: number;
      api_id: string;
      template: string;
      database: string;
      endpoint_id: string;
      attempts: number;
      details: string;
    };
    Drift: {
      /** @description Id */
      endpoint: string;
      database: string;
      /** @description Kind and name, such as `column public.users.email` */
      object: string;
      /** @enum {string} */
      change: 'added' | 'changed' | 'removed';
      before: string | null;
      after: string | null;
    };
    Endpoint: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      kind: 'Postgres' | 'MySQL' | 'Http';
      description: string | null;
      /** @description Without credentials */
      config: {
        [key: string]: unknown;
      };
      /** @description What the caller may do with it */
      actions: ('update' | 'test' | 'delete' | 'grant')[];
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
    Gate: {
      /** @enum {string} */
      status: 'success';
      /**
       * @description null: there is no such migration yet
       * @enum {string|null}
       */
      state: 'Pending' | 'In Progress' | 'Completed' | 'Failed' | 'Rolled Back' | null;
      /** @description The one that is under way, or the latest */
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
          | 'paused'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'compensating'
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
        /** @description Of the trace that the request belongs to, where the service traces */
        trace_id?: string;
      } | null;
    };
    Grants: {
      /** @description By name */
      subjects: [string, 'None' | 'Read' | 'Write' | 'Admin' | 'SuperAdmin'][];
    };
    Hook: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @description null: all */
      migrations: string[] | null;
      /** @description null: all */
      actions: ('sync' | 'migrate' | 'sync_and_migrate')[] | null;
      /**
       * Format: date-time
       * @description Until then the secret before the last rotation counts as well
       * @example 2024-01-15T10:30:00.000Z
       */
      previous_valid_until: string | null;
      created_by: string;
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
    HookCall: {
      /**
       * @description Id or uuid
       * @example customer_schema_v2
       */
      migration: string;
      /** @enum {string} */
      action: 'sync' | 'migrate' | 'sync_and_migrate';
    };
    HookedRun: {
      /**
       * Format: uuid
       * @description Of sync_and_migrate the migrate
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      run: string;
      /**
       * Format: uri
       * @description Waits for the migration; its ticket is good for a day
       */
      gate: string;
    };
    HookWithSecret: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @description The key of the HMAC, as it stands here; shown once */
      secret: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      previous_valid_until: string | null;
    };
    HttpOperation: {
      /** @enum {string} */
      method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      /** @description Behind the base_url of the endpoint, with the query */
      path: string;
      headers?: {
        [key: string]: string;
      };
      /** @description JSON whose texts hold placeholders, or JSON text */
      body?: unknown;
    };
    Identity: {
      id: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
    };
    LintedTemplate: {
      findings: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
      }[];
      silenced: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
        reason: string;
      }[];
      /** @enum {string} */
      class: '2pc' | 'one-phase' | 'compensable' | 'irreversible';
      /** @description Why it must not run in a migration; empty: it may */
      refusals: string[];
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
      /** @description Of the last plan; null where nobody has approved that */
      approval: {
        plan_hash: string;
        approved_by: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        approved_at: string;
      } | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /**
       * @example {
       *       "commit": "4f2a91c",
       *       "team": "checkout"
       *     }
       */
      labels: {
        [key: string]: string;
      };
      notes: string | null;
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
          | 'paused'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'compensating'
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
        /** @description Of the trace that the request belongs to, where the service traces */
        trace_id?: string;
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'bindings';
        };
        /** @description What the caller may do with it now */
        actions: ('pause' | 'resume' | 'tune' | 'cancel' | 'resolve')[];
      } | null;
      created_by: string;
      /** @description What the caller may do with it now */
      actions: (
        | 'update'
        | 'add_api'
        | 'put_source'
        | 'sync'
        | 'rehearse'
        | 'approve'
        | 'migrate'
        | 'rollback'
        | 'pause'
        | 'resume'
        | 'cancel'
        | 'resolve'
        | 'drift'
        | 'delete'
        | 'grant'
      )[];
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
    ListedRun: {
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
        | 'paused'
        | 'running'
        | 'prepared'
        | 'committing'
        | 'succeeded'
        | 'failed'
        | 'aborting'
        | 'compensating'
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
      /** @description Of the trace that the request belongs to, where the service traces */
      trace_id?: string;
      progress: {
        done: number;
        estimated: number | null;
        /** @enum {string} */
        unit: 'bindings';
      };
      /** @description What the caller may do with it now */
      actions: ('pause' | 'resume' | 'tune' | 'cancel' | 'resolve')[];
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
    LoginProvider: {
      /** @enum {string} */
      id: 'password' | 'oidc';
      issuer: string | null;
      /** @description Where to send the browser */
      start: string | null;
    };
    MaintenanceWindow: {
      /** @description Those on which it opens; absent: all */
      days?: ('sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat')[];
      start: string;
      /** @description May lie on the next day */
      end: string;
      /** @description IANA name */
      timezone: string;
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
      /** @description Of the last plan; null where nobody has approved that */
      approval: {
        plan_hash: string;
        approved_by: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        approved_at: string;
      } | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /**
       * @example {
       *       "commit": "4f2a91c",
       *       "team": "checkout"
       *     }
       */
      labels: {
        [key: string]: string;
      };
      notes: string | null;
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
          | 'paused'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'compensating'
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
        /** @description Of the trace that the request belongs to, where the service traces */
        trace_id?: string;
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'bindings';
        };
        /** @description What the caller may do with it now */
        actions: ('pause' | 'resume' | 'tune' | 'cancel' | 'resolve')[];
        /** @description Those of the latest attempt, each with its phases in it */
        databases: components['schemas']['RunDatabase'][];
        /** @description Every attempt that has begun, the earliest first */
        attempt_history: components['schemas']['RunAttempt'][];
        apis: components['schemas']['RunApi'][];
        /** @description All steps in batches together; absent where there are none */
        backfill?: {
          progress: {
            done: number;
            estimated: number | null;
            /** @enum {string} */
            unit: 'rows';
          };
          /** @description Of the last half minute, waits included */
          rows_per_second: number | null;
          /**
           * Format: date-time
           * @description When it will be done at that rate; null where nobody can say
           * @example 2024-01-15T10:30:00.000Z
           */
          ends_at: string | null;
          /** @description What holds the next batch back */
          throttle: {
            /** @enum {string} */
            cause: 'rows_per_second' | 'replica_lag' | 'active_sessions';
            reason: string;
          } | null;
        };
        /** @description What of its pace differs from the options of its migration */
        tuning?: {
          /** @description Null: it is tuned again */
          batch_size?: number | null;
          /** @description Null: no limit */
          max_rows_per_second?: number | null;
          /** @description Null: no limit */
          max_replica_lag_ms?: number | null;
        };
        /** @description Those outside the transaction; absent where there are none */
        steps?: components['schemas']['OutsideStep'][];
      } | null;
      created_by: string;
      /** @description What the caller may do with it now */
      actions: (
        | 'update'
        | 'add_api'
        | 'put_source'
        | 'sync'
        | 'rehearse'
        | 'approve'
        | 'migrate'
        | 'rollback'
        | 'pause'
        | 'resume'
        | 'cancel'
        | 'resolve'
        | 'drift'
        | 'delete'
        | 'grant'
      )[];
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
      /**
       * @description In place of those so far; null: none
       * @example {
       *       "commit": "4f2a91c",
       *       "team": "checkout"
       *     }
       */
      labels?: {
        [key: string]: string;
      } | null;
      notes?: string | null;
    };
    MigrationLock: {
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
      /** @description Of the migration whose run takes it */
      migration_id: string;
    };
    /** @default {} */
    MigrationOptions: {
      /** @enum {string} */
      atomicity?: 'strict' | 'best';
      lock_timeout_ms?: number;
      max_parallel?: number;
      maintenance_window?: components['schemas']['MaintenanceWindow'];
      backfill?: components['schemas']['BackfillOptions'];
      /** @description Each plan waits for the approval of somebody who has made nothing of it */
      approval?: boolean;
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
      kind: 'Postgres' | 'MySQL' | 'Http';
      description?: string;
      config: {
        [key: string]: unknown;
      };
    };
    NewGrants: {
      subjects: [string, 'None' | 'Read' | 'Write' | 'Admin' | 'SuperAdmin'][];
    };
    NewHook: {
      /** @example customer_schema_v2 */
      id: string;
      /** @description The migrations that it may run; without it all, also those to come */
      migrations?: string[];
      /** @description What it may do; without it everything */
      actions?: ('sync' | 'migrate' | 'sync_and_migrate')[];
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
      /**
       * @description Names of at most 63 of A-Z a-z 0-9 . _ / -, the first a letter or digit
       * @example {
       *       "commit": "4f2a91c",
       *       "team": "checkout"
       *     }
       */
      labels?: {
        [key: string]: string;
      };
      notes?: string;
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
      /** @default [] */
      sources?: {
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
      /**
       * @description As for add_api; they need not be there
       * @default []
       */
      apis?: components['schemas']['AddApi'][];
      /**
       * @description Those of the APIs that are not in the service, or otherwise; wants level Admin on their endpoints
       * @default []
       */
      templates?: components['schemas']['NewTemplate'][];
      /**
       * @description Of sources and templates, where they are not in the service yet; wants level Admin
       * @default []
       */
      endpoints?: components['schemas']['NewEndpoint'][];
      /**
       * @description Of the migration, for the bindings of its APIs
       * @default {}
       */
      parameters?: {
        [key: string]: unknown;
      };
      options?: components['schemas']['MigrationOptions'];
    };
    NewRevocation: {
      /** @example auth0|5f7c8ec7c33c6c004bbafe82 */
      subject: string;
      reason?: string;
    };
    NewRobot: {
      /** @example ann@example.com */
      username: string;
      description?: string;
      /**
       * @default Read
       * @enum {string}
       */
      access_level?: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
      /**
       * @description What the key may be used for, within the level
       * @default [
       *       "read",
       *       "execute",
       *       "migrate",
       *       "approve"
       *     ]
       */
      scopes?: ('read' | 'execute' | 'migrate' | 'approve' | 'gate')[];
      /** @description Seconds that each of its keys is good; for ever without */
      expires_in?: number;
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
        endpoint_kind?: 'Postgres' | 'MySQL' | 'Http';
        /** @enum {string} */
        kind: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template:
          | components['schemas']['SqlOperation']
          | components['schemas']['Transaction']
          | components['schemas']['HttpOperation'];
      };
      defaults?: {
        [key: string]: unknown;
      };
      rollback?:
        | components['schemas']['SqlOperation']
        | components['schemas']['Transaction']
        | components['schemas']['HttpOperation'];
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
    NewWebhook: {
      /** Format: uri */
      url: string;
      /**
       * @default json
       * @enum {string}
       */
      format?: 'json' | 'slack';
      events: (
        | 'run.queued'
        | 'run.started'
        | 'run.succeeded'
        | 'run.failed'
        | 'run.cancelled'
        | 'run.in_doubt'
        | 'run.blocked'
        | 'approval.wanted'
      )[];
      /** @description Without it one is made */
      secret?: string;
    };
    OrganizationEvent: {
      /**
       * @description migration: it was made, changed or deleted
       * @enum {string}
       */
      type: 'run' | 'migration';
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      at: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      migration: string;
      migration_id: string;
      /** @description The one that has moved */
      run: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        uuid: string;
        /** @enum {string} */
        kind: 'sync' | 'migrate' | 'rollback';
        /** @enum {string} */
        state:
          | 'queued'
          | 'waiting_for_lock'
          | 'paused'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'compensating'
          | 'cancelled'
          | 'in_doubt';
      } | null;
    };
    OutsideStep: {
      number: number;
      /**
       * @description Before the atomic part, or after its commit
       * @enum {string}
       */
      phase: 'before' | 'after';
      /** @enum {string} */
      class: 'compensable' | 'irreversible' | 'batched';
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      api: string;
      api_id: string;
      binding: number;
      /** @description Id of the template, or path of the file */
      template: string;
      database: string;
      /** @enum {string} */
      state: 'pending' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'left';
      attempts: number;
      /** @description How far its batches have got; absent where there are none, or none yet */
      batches?: {
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'rows';
        };
        batches: number;
        batch_size: number;
        /** @description Of the last half minute, waits included */
        rows_per_second: number | null;
        /**
         * Format: date-time
         * @description When it will be done at that rate; null where nobody can say
         * @example 2024-01-15T10:30:00.000Z
         */
        ends_at: string | null;
        /** @description What holds the next batch back */
        throttle: {
          /** @enum {string} */
          cause: 'rows_per_second' | 'replica_lag' | 'active_sessions';
          reason: string;
        } | null;
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
      error?: components['schemas']['StoredError'];
    };
    Plan: {
      hash: string;
      /** @description False when the migration has changed since: sync again */
      current: boolean;
      /** @enum {string} */
      atomicity: 'atomic' | 'compensated' | 'best effort';
      apis: components['schemas']['PlannedApi'][];
      databases: components['schemas']['PlannedDatabase'][];
      /** @description Files that cannot commit together with these: what the next migrations of the same folders run */
      later_parts: components['schemas']['PlannedBinding'][][];
      /** @description Of the plan as a whole; absent: none */
      findings?: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
      }[];
      /** @description Absent: it was not rehearsed */
      rehearsal?: {
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        at: string;
        /** @description For so long executions of the APIs would wait */
        gates_closed_ms: number;
        databases: components['schemas']['RehearsedDatabase'][];
      };
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
      /** @description Of a source: versions that count as applied, and whose rows are written into the history */
      baseline?: string[];
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
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
      }[];
      /** @description Findings that a comment of the text takes out of force, with its reason; absent: none */
      silenced?: {
        rule: string;
        /** @enum {string} */
        severity: 'warning' | 'danger';
        message: string;
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
        reason: string;
      }[];
      estimated_rows: number | null;
      /** @description What a rehearsal has seen; absent: it was not rehearsed */
      rehearsed?: {
        rows: number;
        execution_time_ms: number;
      };
      /** @description The file that has to be committed before, as it adds a value to an enum that this one uses */
      after?: {
        file: string;
        type: string;
        value: string;
      };
      /** @description How it runs outside the transaction; absent: it is part of it */
      outside?: {
        /** @enum {string} */
        phase: 'before' | 'after';
        /** @description What takes it back; null: nothing does */
        undo: string | null;
      };
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
        /** @description Of the text that runs, from 1; the first of several */
        line?: number;
      }[];
      /** @description What runs there, in its order; what runs outside the transaction stands before or after it */
      steps: {
        /**
         * Format: uuid
         * @example 550e8400-e29b-41d4-a716-446655440000
         */
        api: string;
        /** @description Index among the bindings of the API in this plan, from 0 */
        binding: number;
        /** @description Of a binding of a source */
        file?: string;
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
    RehearsedDatabase: {
      /** @description Of the database */
      key: string;
      locks: {
        /** @description Schema and table */
        object: string;
        /** @description In the words of its server */
        mode: string;
        /** @description Template or file that has taken it */
        step: string;
        /** @description From before that step to the last vote, when the migration would commit */
        held_ms: number;
      }[];
      /** @description Written by its server meanwhile, for whomever; null: it does not tell */
      wal_bytes: number | null;
      /** @description Of PREPARE, where it is prepared */
      vote_ms: number;
    };
    RenderedTemplate: {
      statements: {
        query: string;
        params: unknown[];
      }[];
    };
    Resolve: {
      /**
       * @description Whether the migration counts as done everywhere, or as not done; retry: its steps are tried again
       * @enum {string}
       */
      decision: 'commit' | 'abort' | 'retry';
      /** @description For the audit: what was found, and what was mended by hand */
      reason: string;
    };
    Revocation: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      subject: string;
      reason: string | null;
      revoked_by: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
    };
    Robot: {
      username: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      access_level: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
      scopes: ('read' | 'execute' | 'migrate' | 'approve' | 'gate')[];
      /**
       * Format: date-time
       * @description Of its key
       * @example 2024-01-15T10:30:00.000Z
       */
      expires_at: string | null;
      /** @description What the caller may do with it now */
      actions: ('rotate_key' | 'delete')[];
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
    RobotWithKey: {
      username: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      description: string | null;
      /** @enum {string} */
      access_level: 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
      scopes: ('read' | 'execute' | 'migrate' | 'approve' | 'gate')[];
      /**
       * Format: date-time
       * @description Of its key
       * @example 2024-01-15T10:30:00.000Z
       */
      expires_at: string | null;
      /** @description What the caller may do with it now */
      actions: ('rotate_key' | 'delete')[];
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
      /** @description Shown this once */
      api_key: string;
    };
    Rollback: Record<string, never>;
    RotateHook: {
      /** @default 86400 */
      overlap_seconds?: number;
    };
    RotateKey: {
      /** @description Seconds; as for the key before without */
      expires_in?: number;
    };
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
        | 'paused'
        | 'running'
        | 'prepared'
        | 'committing'
        | 'succeeded'
        | 'failed'
        | 'aborting'
        | 'compensating'
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
      /** @description Of the trace that the request belongs to, where the service traces */
      trace_id?: string;
      progress: {
        done: number;
        estimated: number | null;
        /** @enum {string} */
        unit: 'bindings';
      };
      /** @description What the caller may do with it now */
      actions: ('pause' | 'resume' | 'tune' | 'cancel' | 'resolve')[];
      /** @description Those of the latest attempt, each with its phases in it */
      databases: components['schemas']['RunDatabase'][];
      /** @description Every attempt that has begun, the earliest first */
      attempt_history: components['schemas']['RunAttempt'][];
      apis: components['schemas']['RunApi'][];
      /** @description All steps in batches together; absent where there are none */
      backfill?: {
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'rows';
        };
        /** @description Of the last half minute, waits included */
        rows_per_second: number | null;
        /**
         * Format: date-time
         * @description When it will be done at that rate; null where nobody can say
         * @example 2024-01-15T10:30:00.000Z
         */
        ends_at: string | null;
        /** @description What holds the next batch back */
        throttle: {
          /** @enum {string} */
          cause: 'rows_per_second' | 'replica_lag' | 'active_sessions';
          reason: string;
        } | null;
      };
      /** @description What of its pace differs from the options of its migration */
      tuning?: {
        /** @description Null: it is tuned again */
        batch_size?: number | null;
        /** @description Null: no limit */
        max_rows_per_second?: number | null;
        /** @description Null: no limit */
        max_replica_lag_ms?: number | null;
      };
      /** @description Those outside the transaction; absent where there are none */
      steps?: components['schemas']['OutsideStep'][];
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
    RunAttempt: {
      attempt: number;
      epoch: number;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      started_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      finished_at: string | null;
      /**
       * @description Null while it goes on
       * @enum {string|null}
       */
      outcome: 'succeeded' | 'failed' | 'cancelled' | 'requeued' | null;
      /** @description Why the run was queued again */
      reason: string | null;
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
      /**
       * Format: uuid
       * @description Null in runs of earlier versions
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      endpoint: string;
      endpoint_id: string | null;
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
      /** @description The tries that failed and were followed by another: the latest 10 */
      attempt_history: {
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        started_at: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        finished_at: string;
        error: components['schemas']['StoredError'];
      }[];
      error?: components['schemas']['StoredError'];
    };
    RunDatabase: {
      name: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      endpoint: string;
      /** @description Null once the endpoint is deleted */
      endpoint_id: string | null;
      phases: {
        /** @enum {string} */
        phase: 'running' | 'prepared' | 'committing' | 'aborting' | 'in_doubt';
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        started_at: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        finished_at: string | null;
      }[];
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
            trace_id?: string;
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
          type: 'approval_wanted';
          data: {
            plan_hash: string;
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
          type: 'rehearsing';
          data: {
            databases: number;
            apis: number;
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
            steps?: components['schemas']['DoubtfulStep'][];
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
          type: 'steps_started';
          data: {
            epoch: number;
            /** @enum {string} */
            phase: 'before' | 'after';
            steps: number;
            resolved?: {
              /** @enum {string} */
              decision: 'commit' | 'abort' | 'retry';
              reason: string;
              actor: string;
            };
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
          type: 'step';
          data: {
            number: number;
            /** @enum {string} */
            phase: 'before' | 'after';
            api_id: string;
            template: string;
            database: string;
            endpoint_id: string;
            /** @enum {string} */
            state: 'pending' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'left';
            attempt: number;
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
          type: 'steps_finished';
          data: {
            /** @enum {string} */
            phase: 'before' | 'after';
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
          type: 'batches';
          data: {
            number: number;
            api_id: string;
            template: string;
            database: string;
            rows: number;
            estimated_rows: number | null;
            batch_size: number;
            rows_per_second: number | null;
            /**
             * Format: date-time
             * @example 2024-01-15T10:30:00.000Z
             */
            ends_at: string | null;
            throttle: components['schemas']['Throttle'];
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
          type: 'paused';
          data: {
            actor: string;
            reason: string;
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
          type: 'resumed';
          data: {
            actor: string;
            reason: string;
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
          type: 'tuned';
          data: {
            actor: string;
            tuning: components['schemas']['RunTuning'];
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
          type: 'compensating';
          data: {
            epoch: number;
            /** @enum {string} */
            outcome: 'failed' | 'cancelled';
            reason?: string;
            cancelled_by?: string;
            resolved?: {
              /** @enum {string} */
              decision: 'commit' | 'abort' | 'retry';
              reason: string;
              actor: string;
            };
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
              | 'stepping'
              | 'paused'
              | 'running'
              | 'deciding'
              | 'committing'
              | 'finishing'
              | 'succeeded'
              | 'aborting'
              | 'compensating'
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
            /** @description Rules that comments have taken out of force, the first 100 */
            silenced?: {
              api: string;
              step: string;
              rule: string;
              reason: string;
            }[];
            cancelled_by?: string;
            resolved?: {
              /** @enum {string} */
              decision: 'commit' | 'abort' | 'retry';
              reason: string;
              actor: string;
            };
          };
        };
    RunTuning: {
      /** @description Null: it is tuned again */
      batch_size?: number | null;
      /** @description Null: no limit */
      max_rows_per_second?: number | null;
      /** @description Null: no limit */
      max_replica_lag_ms?: number | null;
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
      /** @description What the caller may do with it now */
      actions: ('put' | 'delete')[];
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
    SubjectGrant: {
      subject: string;
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      level: 'None' | 'Read' | 'Write' | 'Admin' | 'SuperAdmin';
    };
    Sync: {
      /**
       * @description Also run everything, gates closed as in a migrate, in transactions that are rolled back; sequences advance all the same
       * @default false
       */
      rehearse?: boolean;
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
        endpoint_kind: 'Postgres' | 'MySQL' | 'Http';
        /** @enum {string} */
        kind: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template:
          | components['schemas']['SqlOperation']
          | components['schemas']['Transaction']
          | components['schemas']['HttpOperation'];
      };
      defaults?: {
        [key: string]: unknown;
      };
      rollback?:
        | components['schemas']['SqlOperation']
        | components['schemas']['Transaction']
        | components['schemas']['HttpOperation'];
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
      /** @description What the caller may do with it; execute_writes: also run what does not only read */
      actions: ('execute' | 'execute_writes' | 'update' | 'delete' | 'grant')[];
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
        endpoint_kind?: 'Postgres' | 'MySQL' | 'Http';
        /** @enum {string} */
        kind?: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template?:
          | components['schemas']['SqlOperation']
          | components['schemas']['Transaction']
          | components['schemas']['HttpOperation'];
      };
      defaults?: {
        [key: string]: unknown;
      } | null;
      rollback?:
        | components['schemas']['SqlOperation']
        | components['schemas']['Transaction']
        | components['schemas']['HttpOperation']
        | null;
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
    Throttle: {
      /** @enum {string} */
      cause: 'rows_per_second' | 'replica_lag' | 'active_sessions';
      reason: string;
    } | null;
    Token: {
      token: string;
      expires_in: number;
    };
    Transaction: {
      operations: components['schemas']['SqlOperation'][];
    };
    TuneRun: {
      /** @description Null: it is tuned again */
      batch_size?: number | null;
      /** @description Null: no limit */
      max_rows_per_second?: number | null;
      /** @description Null: no limit */
      max_replica_lag_ms?: number | null;
    };
    UnsavedTemplate: {
      /** @example customer_schema_v2 */
      id?: string;
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
        endpoint_kind?: 'Postgres' | 'MySQL' | 'Http';
        /** @enum {string} */
        kind: 'Read' | 'Write' | 'Transaction' | 'TwoPhaseTransaction';
        template:
          | components['schemas']['SqlOperation']
          | components['schemas']['Transaction']
          | components['schemas']['HttpOperation'];
      };
      defaults?: {
        [key: string]: unknown;
      };
      rollback?:
        | components['schemas']['SqlOperation']
        | components['schemas']['Transaction']
        | components['schemas']['HttpOperation'];
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
      /** @description For its parameters */
      values?: {
        [key: string]: unknown;
      };
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
      /** @description What the caller may do with it now */
      actions: ('update' | 'delete')[];
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
      /** @description Of the last plan; null where nobody has approved that */
      approval: {
        plan_hash: string;
        approved_by: string;
        /**
         * Format: date-time
         * @example 2024-01-15T10:30:00.000Z
         */
        approved_at: string;
      } | null;
      parameters: {
        [key: string]: unknown;
      };
      options: components['schemas']['MigrationOptions'];
      /**
       * @example {
       *       "commit": "4f2a91c",
       *       "team": "checkout"
       *     }
       */
      labels: {
        [key: string]: string;
      };
      notes: string | null;
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
          | 'paused'
          | 'running'
          | 'prepared'
          | 'committing'
          | 'succeeded'
          | 'failed'
          | 'aborting'
          | 'compensating'
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
        /** @description Of the trace that the request belongs to, where the service traces */
        trace_id?: string;
        progress: {
          done: number;
          estimated: number | null;
          /** @enum {string} */
          unit: 'bindings';
        };
        /** @description What the caller may do with it now */
        actions: ('pause' | 'resume' | 'tune' | 'cancel' | 'resolve')[];
        /** @description Those of the latest attempt, each with its phases in it */
        databases: components['schemas']['RunDatabase'][];
        /** @description Every attempt that has begun, the earliest first */
        attempt_history: components['schemas']['RunAttempt'][];
        apis: components['schemas']['RunApi'][];
        /** @description All steps in batches together; absent where there are none */
        backfill?: {
          progress: {
            done: number;
            estimated: number | null;
            /** @enum {string} */
            unit: 'rows';
          };
          /** @description Of the last half minute, waits included */
          rows_per_second: number | null;
          /**
           * Format: date-time
           * @description When it will be done at that rate; null where nobody can say
           * @example 2024-01-15T10:30:00.000Z
           */
          ends_at: string | null;
          /** @description What holds the next batch back */
          throttle: {
            /** @enum {string} */
            cause: 'rows_per_second' | 'replica_lag' | 'active_sessions';
            reason: string;
          } | null;
        };
        /** @description What of its pace differs from the options of its migration */
        tuning?: {
          /** @description Null: it is tuned again */
          batch_size?: number | null;
          /** @description Null: no limit */
          max_rows_per_second?: number | null;
          /** @description Null: no limit */
          max_replica_lag_ms?: number | null;
        };
        /** @description Those outside the transaction; absent where there are none */
        steps?: components['schemas']['OutsideStep'][];
      } | null;
      created_by: string;
      /** @description What the caller may do with it now */
      actions: (
        | 'update'
        | 'add_api'
        | 'put_source'
        | 'sync'
        | 'rehearse'
        | 'approve'
        | 'migrate'
        | 'rollback'
        | 'pause'
        | 'resume'
        | 'cancel'
        | 'resolve'
        | 'drift'
        | 'delete'
        | 'grant'
      )[];
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
    Webhook: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @description Scheme and host: the rest may be a secret */
      url: string;
      /** @enum {string} */
      format: 'json' | 'slack';
      events: (
        | 'run.queued'
        | 'run.started'
        | 'run.succeeded'
        | 'run.failed'
        | 'run.cancelled'
        | 'run.in_doubt'
        | 'run.blocked'
        | 'approval.wanted'
      )[];
      created_by: string;
      /** @description What the caller may do with it now */
      actions: ('test' | 'delete')[];
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
    };
    WebhookDelivery: {
      /**
       * Format: uuid
       * @description The id of its event
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @enum {string} */
      type:
        | 'run.queued'
        | 'run.started'
        | 'run.succeeded'
        | 'run.failed'
        | 'run.cancelled'
        | 'run.in_doubt'
        | 'run.blocked'
        | 'approval.wanted'
        | 'webhook.test';
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      at: string;
      data: {
        [key: string]: unknown;
      };
      /**
       * @description dead: tried for a day in vain
       * @enum {string}
       */
      state: 'pending' | 'delivered' | 'dead';
      attempts: number;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      next_attempt_at: string | null;
      last_status: number | null;
      last_error: string | null;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2024-01-15T10:30:00.000Z
       */
      finished_at: string | null;
    };
    WebhookWithSecret: {
      /**
       * Format: uuid
       * @example 550e8400-e29b-41d4-a716-446655440000
       */
      uuid: string;
      /** @description Signs what is sent; shown once */
      secret: string;
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
