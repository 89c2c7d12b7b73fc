/* senders: what to write into the configuration of those who send telemetry, ready to be pasted. The key stands in it,
 * so these texts are made for the moment in which it is shown and kept nowhere. */

export interface Sender {
  id: string;
  label: string;
  language: string;
  write: (at: { url: string; host: string; port: string; isTls: boolean; path: string; key: string }) => string;
}

export const SENDERS: Sender[] = [
  {
    id: "curl",
    label: "curl",
    language: "sh",
    write: ({ url, key }) => `curl -sS '${url}/api/v1/ingest' \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/x-ndjson' \\
  -H 'Content-Encoding: gzip' \\
  -H "X-Batch-Id: $(uuidgen)" \\
  --data-binary @<(gzip -c events.ndjson)
`,
  },
  {
    id: "winlogbeat",
    label: "Winlogbeat",
    language: "yaml",
    write: ({ url, key }) => `winlogbeat.event_logs:
  - name: Microsoft-Windows-Sysmon/Operational
  - name: Security
  - name: Microsoft-Windows-PowerShell/Operational
setup.template.enabled: false
setup.ilm.enabled: false
output.elasticsearch:
  hosts: ["${url}/api/v1/elastic"]
  username: "yagura"
  password: "${key}"
  compression_level: 3
`,
  },
  {
    id: "filebeat",
    label: "Filebeat",
    language: "yaml",
    write: ({ url, key }) => `filebeat.inputs:
  - type: filestream
    id: logs
    paths: ["/var/log/*.log"]
setup.template.enabled: false
setup.ilm.enabled: false
output.elasticsearch:
  hosts: ["${url}/api/v1/elastic"]
  username: "yagura"
  password: "${key}"
  compression_level: 3
`,
  },
  {
    id: "fluent_bit",
    label: "Fluent Bit",
    language: "ini",
    write: ({ host, port, isTls, path, key }) => `[OUTPUT]
    Name                es
    Match               *
    Host                ${host}
    Port                ${port}
    Path                ${path}/api/v1/elastic
    tls                 ${isTls ? "On" : "Off"}
    HTTP_User           yagura
    HTTP_Passwd         ${key}
    Suppress_Type_Name  On
    Compress            gzip
`,
  },
  {
    id: "vector",
    label: "Vector",
    language: "yaml",
    write: ({ url, key }) => `sinks:
  yagura:
    type: http
    inputs: ["*"]
    uri: "${url}/api/v1/ingest"
    compression: zstd
    auth:
      strategy: bearer
      token: "${key}"
    encoding:
      codec: json
    framing:
      method: newline_delimited
`,
  },
  {
    id: "rsyslog",
    label: "rsyslog",
    language: "conf",
    write: ({ url, key }) => `module(load="omelasticsearch")
template(name="yagura" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="Hostname" name="hostname" format="jsonf")
  property(outname="service" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
action(type="omelasticsearch" template="yagura" bulkmode="on" searchType="" searchIndex="syslog"
  server="${url}/api/v1/elastic" uid="yagura" pwd="${key}"
  queue.type="LinkedList" action.resumeRetryCount="-1")
`,
  },
];

export function placeOf(address: string) {
  const at = new URL(address);
  const isTls = at.protocol === "https:";
  return {
    url: address.replace(/\/$/, ""),
    host: at.hostname,
    port: at.port || (isTls ? "443" : "80"),
    isTls,
    path: at.pathname.replace(/\/$/, ""),
  };
}
