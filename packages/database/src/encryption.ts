import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { EdenError, type JsonObject, type Uuid } from '@eden/domain';

/*
 * Endpoint configs at rest: AES-256-GCM over their JSON.
 *
 *   byte 0      key id: the first byte of SHA-256(key)
 *   bytes 1–12  IV, random per encryption
 *   bytes 13–28 authentication tag
 *   bytes 29–   ciphertext
 *
 * Organization and endpoint are authenticated with it: a config copied to another row does not decrypt.
 */

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** Whose config it is. */
export interface ConfigOwner {
  readonly organizationUuid: Uuid;
  readonly endpointUuid: Uuid;
}

export interface ConfigCipher {
  encrypt(config: JsonObject, owner: ConfigOwner): Buffer;
  /** @throws EdenError INTERNAL when none of the keys fits, or the bytes were changed or belong to another endpoint. */
  decrypt(sealed: Uint8Array, owner: ConfigOwner): JsonObject;
  /** The same under the first key; null when it is that already. @throws as `decrypt` */
  reseal(sealed: Uint8Array, owner: ConfigOwner): Buffer | null;
}

/**
 * The first key encrypts, every key decrypts: a new key goes in front, the old one goes when nothing needs it any more.
 * @throws TypeError when there is no key, or one is not of 32 bytes.
 */
export function createConfigCipher(keys: readonly Buffer[]): ConfigCipher {
  const [current] = keys;
  if (current === undefined || keys.some((key) => key.length !== KEY_BYTES)) {
    throw new TypeError(`encryption needs keys of ${KEY_BYTES} bytes`);
  }
  return {
    encrypt: (config, owner) => seal(Buffer.from(JSON.stringify(config)), current, owner),
    decrypt: (sealed, owner) => JSON.parse(openWithAny(Buffer.from(sealed), keys, owner).toString()) as JsonObject,
    reseal: (sealed, owner) => {
      const bytes = Buffer.from(sealed);
      if (keyId(current) === bytes[0] && open(bytes, current, owner) !== null) return null;
      return seal(openWithAny(bytes, keys, owner), current, owner);
    },
  };
}

function openWithAny(bytes: Buffer, keys: readonly Buffer[], owner: ConfigOwner): Buffer {
  for (const key of keys.filter((candidate) => keyId(candidate) === bytes[0])) {
    const plain = open(bytes, key, owner);
    if (plain !== null) return plain;
  }
  throw new EdenError('INTERNAL', {}, { cause: new Error(`config of endpoint ${owner.endpointUuid}: no key fits`) });
}

/** The first byte of a ciphertext: several keys may share one. */
export function keyId(key: Buffer): number {
  return createHash('sha256').update(key).digest().readUInt8(0);
}

function associatedData({ organizationUuid, endpointUuid }: ConfigOwner): Buffer {
  return Buffer.from(`${organizationUuid}/${endpointUuid}`);
}

function seal(plain: Buffer, key: Buffer, owner: ConfigOwner): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(associatedData(owner));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([keyId(key)]), iv, cipher.getAuthTag(), sealed]);
}

/** Null when the key or the owner is another one: two keys can share an id. */
function open(bytes: Buffer, key: Buffer, owner: ConfigOwner): Buffer | null {
  if (bytes.length < HEADER_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(associatedData(owner))
    .setAuthTag(bytes.subarray(1 + IV_BYTES, HEADER_BYTES));
  const text = decipher.update(bytes.subarray(HEADER_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return null;
  }
}
