const KILO = 1024;

/** 512 B, 3.4 KB, 12.0 MB. */
export function bytes(size: number): string {
  if (size < KILO) return `${size} B`;
  return size < KILO ** 2 ? `${(size / KILO).toFixed(1)} KB` : `${(size / KILO ** 2).toFixed(1)} MB`;
}
