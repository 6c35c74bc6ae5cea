import type { ApiEntry, EndpointEntry, TemplateEntry } from './entries.js';
import type { Labels } from './line.js';

/** One request that brings the service nearer to the file. Ids are those of the file. */
export type Action =
  | { readonly do: 'create endpoint'; readonly endpoint: EndpointEntry }
  | {
      readonly do: 'update endpoint';
      readonly endpoint: EndpointEntry;
      /** The settings that are other than before. */
      readonly changed: readonly string[];
      /** Where it leads from now on, and led until now; null when that stays. */
      readonly address: { readonly from: string; readonly to: string } | null;
    }
  | { readonly do: 'create template'; readonly template: TemplateEntry }
  | { readonly do: 'update template'; readonly template: TemplateEntry; readonly changed: readonly string[] }
  | { readonly do: 'create api'; readonly id: string }
  | { readonly do: 'create migration'; readonly id: string; readonly settings: MigrationSettings }
  | { readonly do: 'update migration'; readonly id: string; readonly settings: Partial<MigrationSettings> }
  | { readonly do: 'remove api'; readonly migration: string; readonly api: string }
  | { readonly do: 'add api'; readonly migration: string; readonly api: ApiEntry };

export interface MigrationSettings {
  readonly description?: string;
  readonly labels: Labels;
  readonly notes?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One line for people. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'create endpoint':
      return `+ endpoint ${action.endpoint.id}`;
    case 'update endpoint':
      return `~ endpoint ${action.endpoint.id}: ${describeChange(action)}`;
    case 'create template':
      return `+ template ${action.template.id}`;
    case 'update template':
      return `~ template ${action.template.id}: ${action.changed.join(', ')}`;
    case 'create api':
      return `+ api ${action.id}`;
    case 'create migration':
      return `+ migration ${action.id}`;
    case 'update migration':
      return `~ migration ${action.id}: ${Object.keys(action.settings).join(', ')}`;
    case 'remove api':
      return `- api ${action.api} of migration ${action.migration}`;
    case 'add api':
      return `+ api ${action.api.id} of migration ${action.migration}`;
  }
}

function describeChange({ changed, address }: Extract<Action, { do: 'update endpoint' }>): string {
  return address === null ? changed.join(', ') : `from ${address.from} to ${address.to}`;
}
