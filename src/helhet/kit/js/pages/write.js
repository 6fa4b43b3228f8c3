// The editor of documents. Without script the form is the same, with a button for the preview.
import { keepWriting } from "../writing/keeping.js";
import { offerThings } from "../writing/things.js";
import { giveTools } from "../writing/tools.js";

const form = document.querySelector("form[data-write]");
if (form) {
  keepWriting(form);
  giveTools(form);
  offerThings(form);
}
