export const GROUP = 'eden.example.com';
export const PLURAL = 'edenmigrations';

/** The little kind that the suite is about. */
export const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${PLURAL}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'EdenMigration', plural: PLURAL, singular: 'edenmigration', listKind: 'EdenMigrationList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['migrationId'],
                properties: {
                  migrationId: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
                  action: { type: 'string', enum: ['Migrate', 'Sync'], default: 'Migrate' },
                  backoffLimit: { type: 'integer', minimum: 0, default: 6 },
                  suspend: { type: 'boolean', default: false },
                },
              },
              status: {
                type: 'object',
                properties: {
                  observedGeneration: { type: 'integer', format: 'int64' },
                  phase: { type: 'string' },
                  conditions: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
                      properties: {
                        type: { type: 'string' },
                        status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
                        reason: { type: 'string' },
                        message: { type: 'string' },
                        lastTransitionTime: { type: 'string', format: 'date-time' },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
