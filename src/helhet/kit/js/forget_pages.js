// What was kept of runs for one person is gone when he signs out, and when another is seen. Answers not sent yet stay.
import { forgetOthers } from "./run/pages.js";

const user = document.body.dataset.user;
if (user) forgetOthers(user);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-sign-out]");
  if (!form) return;
  event.preventDefault();
  try {
    await forgetOthers("");
  } finally {
    form.submit();
  }
});
