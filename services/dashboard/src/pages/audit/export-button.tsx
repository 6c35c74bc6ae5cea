import { useState } from 'react';
import { useConnection } from '../../data/connection.js';
import { useToast } from '../../parts/toast.js';
import { TEXTS } from '../../texts.js';
import type { AuditFilters } from './audit-filters.js';

const T = TEXTS.audit;

/** Everything that fits the filters, oldest first, as a file for elsewhere. */
export function ExportButton({ filters }: { readonly filters: AuditFilters }) {
  const http = useConnection();
  const say = useToast();
  const [isBusy, setBusy] = useState(false);
  const download = async (): Promise<void> => {
    const query = { ...filters, format: 'jsonl' as const };
    const { data } = await http.GET('/api/v1/audit', { params: { query }, parseAs: 'blob' });
    save(data as unknown as Blob, `audit-${new Date().toISOString().replaceAll(':', '-')}.jsonl`);
  };
  const start = (): void => {
    if (isBusy) return;
    setBusy(true);
    download()
      .catch((error: unknown) => say(T.exportFailed(error instanceof Error ? error.message : String(error))))
      .finally(() => setBusy(false));
  };
  return (
    <button type="button" className="button" aria-disabled={isBusy} onClick={start}>
      {isBusy ? TEXTS.working : T.export}
    </button>
  );
}

/** A link with the token in it would leave it in the history of the browser. */
function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers have not begun to read it yet.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
