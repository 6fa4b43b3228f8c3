// A text that was sent from the editor and arrived is no longer kept in the browser: its document's page is the proof.
const SENT = "helhet:sent";
const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
if (sent?.home === location.pathname) {
  localStorage.removeItem(sent.key);
  sessionStorage.removeItem(SENT);
}
