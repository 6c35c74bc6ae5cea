{{- /*
A component that runs all the time: its service account, its Deployment and its budget.
root, component; port {name, number, variable}; secrets (keys); graceSeconds; preStop; scaled (somebody else owns the number); usesApi (its account
is known to Kubernetes); env (more of it, as Kubernetes writes it).
*/ -}}
{{- define "eden.deployment" -}}
{{- $own := index .root.Values .component -}}
{{- $name := printf "%s%s" (include "eden.prefix" .root) .component -}}
{{ include "eden.serviceAccount" . }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "eden.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ $own.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "eden.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "eden.selector" . | nindent 8 }}
      annotations:
        # A changed setting rolls the pods that read it.
        helm.sh/settings: {{ toJson .root.Values.settings | sha256sum | trunc 16 | quote }}
        {{- with $own.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: {{ .usesApi | default false }}
      # Service variables such as GATEWAY_PORT are nobody's settings.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .graceSeconds }}
      topologySpreadConstraints:
        {{- include "eden.spread" . | trim | nindent 8 }}
      {{- include "eden.placement" $own | trim | nindent 6 }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "eden.podSecurity" . | nindent 8 }}
      containers:
        - name: {{ .component }}
          image: {{ include "eden.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            - name: {{ .port.name }}
              containerPort: {{ .port.number }}
          envFrom:
            - configMapRef:
                name: {{ include "eden.prefix" .root }}eden-settings
          env:
            - name: {{ .port.variable }}
              value: {{ .port.number | quote }}
            {{- $root := .root }}
            {{- range $key := .secrets }}
            {{- include "eden.secretEnv" (dict "root" $root "key" $key "optional" (has $key (list "DATABASE_DIRECT_URL" "LOCK_REDIS_URLS" "JWT_SECRET"))) | nindent 12 }}
            {{- end }}
            {{- with .env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            {{- with $own.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- include "eden.probes" .port.name | nindent 10 }}
          {{- with .preStop }}
          lifecycle:
            preStop:
              exec:
                command: {{ toJson . }}
          {{- end }}
          resources:
            {{- toYaml $own.resources | nindent 12 }}
          securityContext:
            {{- include "eden.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- with $own.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 16Mi
        {{- with $own.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "eden.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is not ready protects nothing; keeping it would only block the drain of its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "eden.selector" . | nindent 6 }}
{{- end }}
