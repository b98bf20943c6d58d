import type { JSX } from "preact";
import { splitLoss } from "../layout/decode";
import type { Law, LawConstant } from "../protocol";
import { copyText } from "../ui/download";
import { formatError } from "../ui/format";
import { Icon } from "../ui/icons";
import { LossLines } from "../ui/loss";
import { Menu } from "../ui/menu";
import type { Store } from "../ui/store";

/** The measure of the error where classes are fitted. */
const CLASSES = "cross-entropy";

function Constants({ constants }: { constants: readonly LawConstant[] }): JSX.Element | null {
  if (constants.length === 0) return null;
  const count = `${constants.length} ${constants.length === 1 ? "constant" : "constants"}`;
  return (
    <Menu
      action="constants"
      label={count}
      face={count}
      title="Constants with their standard errors"
      class="kan-link"
      align="right"
      above
    >
      {() => (
        <table class="kan-constants">
          <thead>
            <tr>
              <th>constant</th>
              <th>value</th>
              <th>± error</th>
              <th>taken as</th>
            </tr>
          </thead>
          <tbody>
            {constants.map((c) => (
              <tr key={c.name}>
                <th scope="row">{c.name}</th>
                <td>{c.value}</td>
                <td>{c.error || "–"}</td>
                <td>
                  <b>{c.snapped || "–"}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Menu>
  );
}

/** The constant that says most in one line: a snapped one with its evidence, else the first. */
export function leadingConstant(constants: readonly LawConstant[]): LawConstant | null {
  return constants.find((c) => c.snapped && c.error) ?? constants.find((c) => c.error) ?? null;
}

function Leading({ constants }: { constants: readonly LawConstant[] }): JSX.Element | null {
  const c = leadingConstant(constants);
  if (!c) return null;
  return (
    <span class="kan-leading">
      {c.name} {c.snapped ? <b>{c.snapped}</b> : null} ({c.value} ± {c.error.replace(/^±\s*/, "")})
    </span>
  );
}

function Copy({ law, store }: { law: Law; store: Store }): JSX.Element {
  const copy = async (name: string, text: string) => {
    store.notice.value = (await copyText(text)) ? `Copied ${name}` : "This page may not use the clipboard.";
    setTimeout(() => {
      store.notice.value = "";
    }, 2200);
  };
  const forms: [string, string][] = [
    ["text", law.text],
    ["LaTeX", law.latex],
    ["Python", law.python],
  ];
  return (
    <span class="kan-copy">
      Copy:
      {forms.map(([name, text]) => (
        <button
          type="button"
          class="kan-link"
          key={name}
          data-copy={name.toLowerCase()}
          title={text}
          onClick={() => void copy(name, text)}
        >
          {name}
        </button>
      ))}
    </span>
  );
}

function Evidence({ law, store }: { law: Law; store: Store }): JSX.Element {
  return (
    <div class="kan-evidence">
      <div>
        {law.error_label} <b>{formatError(law.error)}</b>
        {law.notes.map((note) => (
          <span key={note}> · {note}</span>
        ))}
      </div>
      <div>
        <Leading constants={law.constants} />
        <Constants constants={law.constants} />
        <Copy law={law} store={store} />
      </div>
    </div>
  );
}

/** Long laws are set smaller before they scroll. */
function fontSize(text: string): number {
  return text.length < 60 ? 19 : text.length < 110 ? 16 : 14;
}

/** Why there is no law. Classes have none: it would be of a number, and theirs is in the curves. */
export function noLaw(measure: string): string {
  return measure === CLASSES
    ? "No law, as the target is a class and a law is of a number. Give each curve a form: where the curves balance, one class ends."
    : "No law yet. Fit, prune what is weak, then give each curve a form.";
}

export function LawBar({ store }: { store: Store }): JSX.Element {
  const law = store.live.law.value;
  const loss = splitLoss(store.live.loss.value);
  const training = store.live.training.value;
  return (
    <section
      aria-label="law"
      class="kan-law"
      data-long={law && law.text.length >= 90 ? "1" : undefined}
      data-law={law ? (law.complete ? "complete" : "partial") : "none"}
    >
      {law ? (
        // The MathML is written by Python from the expression itself, never from typed text.
        <div
          class="kan-formula"
          style={{ fontSize: `${fontSize(law.text)}px` }}
          title={law.text}
          dangerouslySetInnerHTML={{ __html: law.mathml }}
        />
      ) : (
        <div class="kan-no-law">
          <Icon name="info" /> {noLaw(store.live.graph.value.measure)}
        </div>
      )}
      {loss.train.length > 1 && !training.running && (
        <div
          class="kan-last-loss"
          title={`last training: ${training.label || "fit"}, ${store.live.graph.value.measure} on a log scale (line: training, dashed: validation)`}
        >
          <LossLines loss={loss} width={120} height={34} />
        </div>
      )}
      {law && <Evidence law={law} store={store} />}
    </section>
  );
}
