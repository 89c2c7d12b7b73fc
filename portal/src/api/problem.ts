/* problem: what the server says when it refuses, as a typed error. Pages show `title` and `detail`, forms place
 * `fields` at their inputs, and everybody can quote `requestId` to support. */
export interface FieldProblem {
  pointer: string;
  code: string;
  message: string;
}

interface ProblemDocument {
  title?: string;
  detail?: string;
  code?: string;
  instance?: string;
  errors?: FieldProblem[];
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  readonly fields: FieldProblem[];
  readonly retryAfterS: number;

  constructor(status: number, document: ProblemDocument, retryAfterS = 0) {
    super(document.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = document.code ?? "";
    this.title = document.title ?? "";
    this.detail = document.detail ?? "";
    this.requestId = (document.instance ?? "").replace(/^urn:(uuid|request):/, "");
    this.fields = document.errors ?? [];
    this.retryAfterS = retryAfterS;
  }

  /** Worth asking again by itself: the server is restarting or has no connection to its database. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export async function problemOf(answer: Response): Promise<Problem> {
  const retryAfterS = Number(answer.headers.get("Retry-After")) || 0;
  const requestId = answer.headers.get("X-Request-Id") ?? undefined;
  try {
    const document = (await answer.json()) as ProblemDocument;
    return new Problem(answer.status, { instance: requestId, ...document }, retryAfterS);
  } catch {
    return new Problem(answer.status, { instance: requestId }, retryAfterS);
  }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, { detail: error instanceof Error ? error.message : "" });
