import type { Subject, Template } from '@eden/domain';
import type { z } from 'zod';
import type { templateSchema } from '../schemas/template.js';
import { actionsOnTemplate } from './actions.js';

type TemplateView = z.output<typeof templateSchema>;

/** In the form in which it was created. */
export function viewTemplate(subject: Subject, template: Template): TemplateView {
  return {
    id: template.id,
    uuid: template.uuid,
    description: template.description,
    template: {
      endpoint_uuid: template.endpointUuid,
      endpoint_kind: template.endpointKind,
      kind: template.kind,
      template: template.body as TemplateView['template']['template'],
    },
    ...(template.settings as Partial<TemplateView>),
    actions: actionsOnTemplate(subject, template.uuid),
    created_at: template.createdAt.toISOString(),
    updated_at: template.updatedAt.toISOString(),
  };
}
