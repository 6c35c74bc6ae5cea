import { crc32 } from 'node:zlib';

/** Flyway's: the CRC-32 of every line without its end, one after the other, as a signed number of 32 bits. */
export function flywayChecksum(text: string): number {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  return crc32(lines.join('')) | 0;
}
