import { EdenError } from '@eden/domain';
import type { RequestHandler, Response, Router } from 'express';
import { scopeOf } from '../http/http-request.js';
import { refuseMethod } from '../http/refuse-method.js';
import type { DashboardFile } from './dashboard-files.js';

/*
 * The dashboard (ADR 0050): files and nothing else. What it shows comes by the API, in the name of whoever is logged in.
 */

/** Scripts and styles of this service alone, none in the page itself, and no text that a script could turn into markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const PROTECTION = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const PATHS = ['/ui', '/ui/*path'];
const PAGE = 'index.html';
/** Their names tell their contents: a new build has new names. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASKED_EACH_TIME = 'no-cache';

/** Makes /ui: the files by their names, and the page for every other path, which it reads itself. */
export function mountDashboard(router: Router, files: ReadonlyMap<string, DashboardFile>): void {
  const answer: RequestHandler = (req, res) => {
    scopeOf(res).route = '/ui';
    if (req.path === '/ui') return res.redirect(308, '/ui/');
    const name = req.path.slice('/ui/'.length);
    const asset = name === PAGE ? undefined : files.get(name);
    const acceptsGzip = req.acceptsEncodings('gzip') !== false;
    send(res, asset ?? pageFor(name, files), { acceptsGzip, isAsset: asset !== undefined });
  };
  router.get(PATHS, answer);
  router.all(PATHS, refuseMethod(['get']));
}

/** @throws EdenError ROUTE_NOT_FOUND for a file that this build does not have, or where there is no build */
function pageFor(name: string, files: ReadonlyMap<string, DashboardFile>): DashboardFile {
  const page = files.get(PAGE);
  if (page === undefined) {
    throw new EdenError('ROUTE_NOT_FOUND', { suggestion: 'The dashboard is not built: npm run build' });
  }
  if (name.startsWith('assets/')) throw new EdenError('ROUTE_NOT_FOUND');
  return page;
}

interface Sending {
  readonly acceptsGzip: boolean;
  readonly isAsset: boolean;
}

function send(res: Response, { type, bytes, gzipped }: DashboardFile, { acceptsGzip, isAsset }: Sending): void {
  res.set({ ...PROTECTION, 'Content-Type': type, Vary: 'Accept-Encoding' });
  res.set('Cache-Control', isAsset ? FOR_EVER : ASKED_EACH_TIME);
  if (acceptsGzip) res.set('Content-Encoding', 'gzip').end(gzipped);
  else res.end(bytes);
}
