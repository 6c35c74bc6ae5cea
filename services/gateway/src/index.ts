export { openApiDocument } from './openapi/document.js';
export { OPERATIONS } from './routes/index.js';
