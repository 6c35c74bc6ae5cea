import { createSecretKey, type KeyObject } from 'node:crypto';
import { EdenError, type Uuid } from '@eden/domain';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { uuidSchema } from '../schemas/identifiers.js';

const LIFETIME_SECONDS = 86_400;
const ISSUER = 'eden-migrations';
/** Another than that of access tokens: neither of them is taken for the other. */
const AUDIENCE = 'eden-migrations/gate';
const ALGORITHM = 'HS256';
const MS_PER_SECOND = 1000;

const claimsSchema = z.object({ org_uuid: uuidSchema, migration_uuid: uuidSchema });

/** What a ticket lets its bearer ask for, and nothing else: the gate of this one migration. */
export interface GateTicket {
  readonly organizationUuid: Uuid;
  readonly migrationUuid: Uuid;
}

/** Tickets for those who have called a deploy hook and have no token: good for a day. */
export class GateTickets {
  private readonly key: KeyObject;
  private readonly keys: readonly KeyObject[];

  /** @param previousSecret Its tickets are good until they expire. */
  constructor(secret: string, previousSecret?: string) {
    this.key = createSecretKey(secret, 'utf8');
    this.keys = [this.key, ...(previousSecret === undefined ? [] : [createSecretKey(previousSecret, 'utf8')])];
  }

  /** The same ticket at the same second is the same text. */
  issue({ organizationUuid, migrationUuid }: GateTicket, at: Date): string {
    const iat = Math.floor(at.getTime() / MS_PER_SECOND);
    const claims = { org_uuid: organizationUuid, migration_uuid: migrationUuid, iat, exp: iat + LIFETIME_SECONDS };
    return jwt.sign(claims, this.key, { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE });
  }

  /** @throws EdenError AUTHENTICATION_REQUIRED whatever is wrong with it */
  verify(ticket: string): GateTicket {
    for (const key of this.keys) {
      const claims = verifiedBy(key, ticket);
      if (claims !== null) return claims;
    }
    throw new EdenError('AUTHENTICATION_REQUIRED');
  }
}

function verifiedBy(key: KeyObject, ticket: string): GateTicket | null {
  try {
    const claims = jwt.verify(ticket, key, { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE });
    const { org_uuid, migration_uuid } = claimsSchema.parse(claims);
    return { organizationUuid: org_uuid, migrationUuid: migration_uuid };
  } catch {
    return null;
  }
}
