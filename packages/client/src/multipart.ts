/** A file of a multipart body; its bytes arrive as they are. */
export interface UploadFile {
  /** Name of its part. */
  readonly field: string;
  /** With folders, parts joined by `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * What makes a multipart body of a JSON body and files: the options of a request beside its `body`.
 * @param part Name of the part with the JSON.
 */
export function withFiles(part: string, files: readonly UploadFile[]) {
  return {
    bodySerializer: (body: unknown): FormData => {
      const form = new FormData();
      form.append(part, JSON.stringify(body));
      for (const { field, path, bytes } of files)
        form.append(field, new Blob([bytes as Uint8Array<ArrayBuffer>]), path);
      return form;
    },
  };
}
