// Which steps of a routine apply, and which is next: the same rules as helhet/rules/walking.py, for when there is no
// network. The server decides; this only shows the next step meanwhile.
const number = (text) => {
  const written = String(text ?? "").replace(/\s/g, "").replace("\u2212", "-").replace(",", ".");
  return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(written) ? Number(written) : null;
};
const passed = (said) => said !== undefined && (said.state === "done" || said.state === "approved");

function fits(when, said) {
  if (!passed(said)) return false;
  const [ours, theirs] = [number(said.value), number(when.value)];
  const both = ours !== null && theirs !== null;
  if (when.sense === "is" || when.sense === "not") {
    const same = both ? ours === theirs : String(said.value).toLowerCase() === when.value.toLowerCase();
    return same === (when.sense === "is");
  }
  return both && (when.sense === "over" ? ours > theirs : ours < theirs);
}

export function applying(steps, answers) {
  const here = new Set();
  for (const step of steps) if (!step.when || (here.has(step.when.step) && fits(step.when, answers[step.when.step]))) here.add(step.id);
  return steps.filter((step) => here.has(step.id));
}

// The stop or approval that was not passed: nothing comes after it, and the run can only be ended as failed.
export function holding(steps, answers) {
  return applying(steps, answers).find((step) => (step.stop || step.approval) && answers[step.id] && !passed(answers[step.id]));
}

export function next(steps, answers) {
  return holding(steps, answers) ? undefined : applying(steps, answers).find((step) => !answers[step.id]);
}

// A number outside its limits has failed.
export function taken(step, said) {
  const value = number(said.value);
  if (!step || step.input !== "number" || value === null || !passed(said)) return said;
  const outside = (step.least !== undefined && value < Number(step.least)) || (step.most !== undefined && value > Number(step.most));
  return outside ? { ...said, state: step.approval ? "refused" : "failed" } : said;
}
