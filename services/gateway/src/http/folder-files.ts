import type { FolderFile } from '@eden/domain';
import { validationError } from '@eden/domain';
import type { UploadedFile } from './upload.js';

/** Name of the parts of a multipart body that hold files. */
const FILES = 'files';

/**
 * The files of a folder, from the body or from parts of their own.
 * @param field Name of their parts.
 * @throws EdenError VALIDATION_FAILED when they come both ways
 */
export function filesOf(
  files: readonly { readonly path: string; readonly text: string }[],
  upload: readonly UploadedFile[] | null,
  field: string = FILES,
): readonly FolderFile[] {
  if (upload === null) return files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  if (files.length > 0)
    throw validationError([{ path: 'files', message: 'Send the files as parts or in the JSON, not both' }]);
  return upload.filter((file) => file.field === field).map(({ path, bytes }) => ({ path, bytes }));
}

/** @throws EdenError VALIDATION_FAILED for files in parts that nothing asks for */
export function refuseOtherParts(upload: readonly UploadedFile[] | null, fields: readonly string[]): void {
  const other = upload?.find(({ field }) => !fields.includes(field));
  if (other === undefined) return;
  throw validationError([
    { path: other.field, message: `Unknown part "${other.field}": files go into ${fields.join(', ')}` },
  ]);
}
