// What every page has on top of plain HTML. Each file is one behaviour; a page without script still reads and saves.
import "./scripted.js";
import "./menus.js";
import "./theme.js";
import "./toasts.js";
import "./palette.js";
import "./keys.js";
import "./choose_rows.js";
import "./complete_filter.js";
import "./edit_in_place.js";
import "./light_up_matrix.js";
import "./kept_writing.js";
import "./forget_pages.js";
import "./send_kept.js";
import "./remark_passage.js";
