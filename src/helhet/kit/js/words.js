// The few words that scripts say, as the server put them on the page in the reader's language.
export const say = (name) => document.getElementById("hh-words")?.dataset[name] ?? "";
