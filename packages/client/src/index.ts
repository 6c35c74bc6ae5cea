export type { components, paths } from './generated/api.js';
export { connect, type Connection, type ConnectionOptions } from './connection.js';
export { ApiError, answerOf, UnreachableError, WaitTimeoutError } from './errors.js';
export { withFiles, type UploadFile } from './multipart.js';
export { pagesOf, type Page } from './pages.js';
export { runEvents, type EventOptions } from './run-events.js';
export type * from './shapes.js';
export { isSettled, waitForRun, type WaitOptions } from './wait-for-run.js';
