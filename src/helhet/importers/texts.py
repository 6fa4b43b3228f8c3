"""English texts of all problems in reading and mapping, by code, marked for translation.

`gettext_noop` is a mark that the collector of messages knows; it gives its argument back.
Facts stand in braces. `TEXTS` says what is wrong, `TODOS` (for whole files) what to do.
"""


def gettext_noop(message: str) -> str:
    """Mark a text for translation without translating it here."""
    return message


TEXTS: dict[str, str] = {
    # whole files
    "missing": gettext_noop("There is no file or folder with this name."),
    "unreadable": gettext_noop("The file cannot be opened: {error}."),
    "ending_unknown": gettext_noop("The ending “{ending}” is none that can be read."),
    "empty": gettext_noop("The file is empty."),
    "nothing_to_take": gettext_noop("There is nothing in it that can be read: no table with rows."),
    "no_pages": gettext_noop("There is no page in it: no Markdown, and no JSON lines with path and text."),
    "not_text_file": gettext_noop("It is no text: it begins as a file of the sort {what} does."),
    "zip_in_gz": gettext_noop("It is an archive that was packed once more."),
    "nul": gettext_noop("Line {line} contains a NUL byte, so this is not a plain text file."),
    "encoding": gettext_noop("Byte {byte} in line {line} is not valid {encoding}."),
    "encoding_guess": gettext_noop(
        "Byte {byte} in line {line} is not valid {encoding}; in Windows-1252 it would read “{guess}”."
    ),
    "encoding_unknown": gettext_noop("There is no encoding called “{encoding}”."),
    "quote_open": gettext_noop("The quotation mark opened in the row at line {line} is never closed."),
    "csv_broken": gettext_noop("The row at line {line} cannot be read as CSV: {error}."),
    "columns_many": gettext_noop("There are {count} columns; at most {limit} are read."),
    "rows_many": gettext_noop("There are more than {limit} rows."),
    "cell_big": gettext_noop("A cell in the row at line {line} is longer than {limit} characters."),
    "file_big": gettext_noop("The file is {size} bytes; at most {limit} are read."),
    "unpacked_big": gettext_noop("It unpacks to more than {limit} bytes."),
    "bomb": gettext_noop("It unpacks to more than {ratio} times its size, which no honest file does."),
    "document_big": gettext_noop("A single document is larger than {limit} bytes."),
    "gzip_broken": gettext_noop("The packed file is broken or cut off: {error}."),
    "zip_broken": gettext_noop("The archive is broken or cut off: {error}."),
    "members_many": gettext_noop("There are {count} files in it; at most {limit} are read."),
    "member_unsafe": gettext_noop("The name “{member}” in the archive points outside of it."),
    "member_link": gettext_noop("“{member}” in the archive is a link."),
    "member_twice": gettext_noop("The name “{member}” stands twice in the archive."),
    "member_overlap": gettext_noop("Files in the archive lie on top of each other (“{member}”)."),
    "member_locked": gettext_noop("“{member}” in the archive is protected by a password."),
    "xlsx_broken": gettext_noop("The workbook cannot be read: {error}."),
    "xlsx_locked": gettext_noop("The workbook is protected by a password."),
    "formula_empty": gettext_noop("The formula in cell {cell} was never calculated, so that it has no value."),
    "sheet_big": gettext_noop("The sheet reaches over {cells} cells; at most {limit} are read."),
    "json_broken": gettext_noop("Line {line} cannot be read as JSON: {error}."),
    "json_twice": gettext_noop("Line {line} repeats the name “{name}” inside one object."),
    "yaml_broken": gettext_noop("Line {line} cannot be read as YAML: {error}."),
    "yaml_tag": gettext_noop("Line {line} has the tag “{tag}”, which is not read from a file."),
    "yaml_twice": gettext_noop("Line {line} repeats the name “{name}” inside one object."),
    "yaml_aliases": gettext_noop("Line {line}: references inside the file multiply beyond {limit} values."),
    "xml_broken": gettext_noop("Line {line} cannot be read as XML: {error}."),
    "xml_entity": gettext_noop("The XML declares a document type or entities."),
    "nesting": gettext_noop("Line {line}: values are nested deeper than {limit} levels."),
    "takes_nothing": gettext_noop("The mapping “{mapping}” takes none of the tables ({tables})."),
    "not_a_key_table": gettext_noop(
        "The columns are {columns}; the plain layout needs key, kind and name, or a file named after what it holds."
    ),
    "noun_unclear": gettext_noop("The columns are {columns}; that may be any of {nouns}."),
    "columns_missing": gettext_noop("The table has no column {missing}; its columns are {columns}."),
    "columns_twice": gettext_noop("The column {name} stands more than once (columns {places})."),
    "nothing_taken": gettext_noop("The mapping “{mapping}” finds not a single row in it."),
    "jq_failed": gettext_noop("The mapping “{mapping}” cannot be worked out on it: {error}."),
    # single rows
    "cells_few": gettext_noop("The row has {count} cells where the header has {expected}."),
    "cells_many": gettext_noop("The row has {count} cells where the header has {expected}."),
    "not_an_object": gettext_noop("Here stands {found} where an object with named fields is needed."),
    "name_twice": gettext_noop("The name “{name}” stands twice in one object: keep one of them."),
    "names_alike": gettext_noop("The names “{name}” and “{other}” both have a value: keep one of them."),
    "mapping_failed": gettext_noop("The mapping could not read the field {field}: {error}."),
    "no_value": gettext_noop("The row has no {field}."),
    "page_no_path": gettext_noop(
        "The record has no path, so that it is no page. Each line of JSON lines is one page, with its path and its "
        "text; where pages stand within one document, make such lines of them: jq -c '.pages[]' FILE > pages.jsonl"
    ),
    "path_long": gettext_noop(
        "The path is {count} characters; at most {limit} are kept. Shorten the names of its folders, or import the "
        "folder that it lies in by itself: paths begin below what is imported."
    ),
    "value_long": gettext_noop("The {field} is {count} characters; at most {limit} are kept."),
    "value_control": gettext_noop("The {field} has a character that cannot be kept (U+{character})."),
    "not_text": gettext_noop("The {field} is {found}, not a text."),
    "cell_error": gettext_noop("The {field} is the error {value} of a spreadsheet's formula."),
    "kind_unknown": gettext_noop("There is no kind “{value}”. There are: {allowed}."),
    "kind_near": gettext_noop("There is no kind “{value}”. Near ones: {near}."),
    "repeated": gettext_noop("“{key}” stood earlier in what is imported, at {earlier}."),
    "page_draft": gettext_noop("It is a draft where it comes from ({mark}). It is taken when it is published there."),
    # single values
    "word_unknown": gettext_noop("“{value}” is none of {allowed}."),
    "date_unreadable": gettext_noop("“{value}” is not a day; write it as 2026-12-31."),
    "least_unreadable": gettext_noop("“{value}” is not how many of a set are needed, such as 2 or 50 %."),
    "instant_unreadable": gettext_noop("“{value}” is not a time; write it as 2026-12-31T18:00+01:00."),
    "share_unreadable": gettext_noop("“{value}” is not a share in percent from 0 to 100."),
    "dates_reversed": gettext_noop("The last day {to} lies before the first day {from}."),
    "child_unknown": gettext_noop("It calls “{value}” its child, which is no group in what is imported."),
    "parent_contradicted": gettext_noop("“{value}” calls this group its child, but its parent is “{parent}”."),
    "email_unreadable": gettext_noop("“{value}” is not an e-mail address."),
    # pages
    "defaults_beside": gettext_noop(
        "The file says when pages are reviewed, for many at once. No page takes that over: write it in front of each "
        "page."
    ),
    "other_texts": gettext_noop(
        "Files of this sort are texts but no Markdown, and were passed over. Make Markdown of them, for instance with "
        "pandoc -t gfm, then import it again."
    ),
    "history_cut": gettext_noop(
        "The checkout lacks the beginning of its history, so that nobody knows when pages that its last commits do not "
        "name were edited. Fetch it with git fetch --unshallow, then import it again."
    ),
    "beside_pages": gettext_noop(
        "The file holds records, and was passed over since files of pages stand beside it. If its records are pages "
        "too, import it by itself."
    ),
    "day_ambiguous": gettext_noop(
        "“{value}” may be two days: day and month can change places. Write it as 2026-12-31."
    ),
    "day_partial": gettext_noop("“{value}” does not say which day of the month; write it as 2026-12-31."),
    "day_impossible": gettext_noop("There is no such day as “{value}”; write it as 2026-12-31."),
    "review_either": gettext_noop(
        "“{value}” may be the last review or the next. Write last_reviewed_on: 2026-12-31, or review_by: 2026-12-31."
    ),
    "page_day_unreadable": gettext_noop("“{value}” is not a day; write it as 2026-12-31."),
    "interval_unit": gettext_noop("“{value}” does not say of what: days, weeks, months or years."),
    "interval_unreadable": gettext_noop(
        "“{value}” is not an interval: write a number of days, weeks, months or years, such as 6 months."
    ),
    "told_neither_way": gettext_noop(
        "“{value}” is neither an interval, such as 6 months, nor a day, such as 2026-12-31."
    ),
    "interval_alone": gettext_noop(
        "“{value}” has no review to count from, and an edit is none. Write last_reviewed_on: 2026-12-31, or "
        "review_by: 2026-12-31."
    ),
    "review_in_text": gettext_noop(
        "“{value}” stands in the text, and was not taken. Write it in the front matter, such as last_reviewed_on: "
        "2026-12-31 and review_in: 6 months, or above all else in the page."
    ),
    "review_name": gettext_noop(
        "“{value}” looks like a review, but the name is none that is known. Write last_reviewed_on: 2026-12-31, "
        "review_in: 6 months or review_by: 2026-12-31."
    ),
    "owner_unreadable": gettext_noop("“{value}” is not the name of an owner."),
    "fields_refused": gettext_noop("What is structured beside the text was left out: {told}"),
    "part_cell": gettext_noop(
        "Row {row}, {label}: “{value}” was left out: {told} When it is here, or the page is mended, the next import "
        "takes it."
    ),
    "part_words": gettext_noop(
        "Row {row}, {label}: “{value}” stands as plain text: {told} When it is here, the next import ties it."
    ),
    "part_row": gettext_noop("Row {row} was left out: {told} It said: {value}"),
    "part_service": gettext_noop(
        "The page is a part of the service documentation of “{value}”. No service or product here has that name or the "
        "keys that the page tells: make it or import it, then import the pages again."
    ),
    "part_services": gettext_noop(
        "The page is a part of the service documentation of “{value}”, and {count} services or products here could be "
        "meant. Give them names of their own, or write the key of one among `keys` in the page."
    ),
    "part_unknown": gettext_noop("The page says that it is a part of service documentation, which it is not: {told}"),
    "part_ruled_out": gettext_noop(
        "It is said here that this part does not apply to {value}. Take that back, then import the pages again."
    ),
    "part_forbidden": gettext_noop(
        "The page is a part of the service documentation of “{value}”, in which whoever imports it may not write. Let "
        "somebody who may write in it import the page, or write there what is new in the page."
    ),
    "part_twice": gettext_noop("“{value}” is the same part of the same service: keep one of the two pages."),
    "own_merged": gettext_noop(
        "The page was let out of {document} here, which has been joined with {into} since. Write in {into} what is new "
        "in the page."
    ),
    "own_gone": gettext_noop(
        "The page was let out of {document} here, which is not in the register any more. Remove `helhet` from the page "
        "to make a document of it anew."
    ),
    "own_withdrawn": gettext_noop(
        "The page was let out of {document} here, which has been withdrawn since. Take it into use again, then import "
        "the pages again; or remove `helhet` from the page to make a document of it anew."
    ),
    "own_forbidden": gettext_noop(
        "The page was let out of {document} here, in which whoever imports it may not write. Let somebody who may "
        "write in it import the page, or write there what is new in the page."
    ),
    "own_twice": gettext_noop(
        "“{value}” was let out of {document} too: keep one of the two pages, or remove `helhet` from the one that is "
        "to be a document of its own."
    ),
    "own_owner": gettext_noop(
        "The owner “{value}” was not taken: who answers for {document} is set here. Alter it in Helhet, or put back in "
        "the page what it said."
    ),
    "own_audiences": gettext_noop(
        "The readers {value} were not taken: who reads {document} is set here. Alter it in Helhet, or put back in the "
        "page what it said."
    ),
    "own_routine": gettext_noop(
        "What the page says of the routine ({value}) was not taken: kind, symptoms, labels and times of {document} are "
        "set here. Alter them in Helhet, or put back in the page what it said."
    ),
    "page_guessed": gettext_noop("The page is not UTF-8; it was read as {encoding}, which is a guess."),
    "front_matter_broken": gettext_noop(
        "Line {line} of the front matter cannot be read ({told}). What stands whole on a line of its own was taken, "
        "and the text is kept as it is."
    ),
    "front_matter_json": gettext_noop(
        "Line {line} of the front matter cannot be read ({told}). Nothing of it was taken, and the text is kept as it "
        "is. Mend that line, then import the pages again."
    ),
    "front_matter_twice": gettext_noop("Line {line} repeats the name “{told}”; the last one was taken."),
    "front_matter_comment": gettext_noop("“{told}” in line {line} is a comment to YAML: put it in quotation marks."),
    "front_matter_template": gettext_noop("Line {line} of the front matter is for a tool to fill in: {told}."),
    "front_matter_open": gettext_noop("The front matter that begins in line {line} has no end."),
    "front_matter_deep": gettext_noop("Line {line} of the front matter is nested too deep."),
    "front_matter_large": gettext_noop("Line {line} of the front matter: its references multiply beyond all measure."),
    # mappings
    "mapping_missing": gettext_noop("There is no mapping “{name}”. There are: {allowed}."),
    "mapping_not_yaml": gettext_noop("The mapping cannot be read as YAML: {error}"),
    "mapping_shape": gettext_noop("Here must stand {wanted}."),
    "mapping_key": gettext_noop("“{key}” is not known here. Allowed: {allowed}."),
    "mapping_value": gettext_noop("“{value}” is not allowed here. Allowed: {allowed}."),
    "mapping_needs": gettext_noop("The field {key} is missing."),
    "mapping_jq": gettext_noop("The expression cannot be read as jq: {error}"),
    "mapping_jq_word": gettext_noop("“{word}” may not be used in a mapping: it reaches outside of the file."),
    "mapping_jq_comment": gettext_noop("Comments may not stand inside a jq expression; write them in the YAML."),
    "mapping_jq_long": gettext_noop("The expression is longer than {limit} characters."),
}

_SMALLER = gettext_noop("Divide it into smaller files and import them one by one.")
_ANEW = gettext_noop("Export it anew from its source and compare the size.")
_MEND = gettext_noop("Mend that line, or export the file anew.")
_PACK = gettext_noop("Pack the files anew, or import them unpacked.")

TODOS: dict[str, str] = {
    "missing": gettext_noop("Check the path."),
    "unreadable": gettext_noop("Check that it is a file and that it may be read."),
    "ending_unknown": gettext_noop("Save it as one of: {allowed}; each may also be packed as .gz."),
    "empty": _ANEW,
    "no_pages": gettext_noop(
        "Make Markdown of what it holds, for instance with pandoc -t gfm, or write each page as a line of JSON with "
        "its path and its text."
    ),
    "nothing_to_take": gettext_noop("Put in files such as items.csv, or choose another file."),
    "not_text_file": gettext_noop("Give it the ending that it had; save an .xls or .pdf as .xlsx or .csv first."),
    "zip_in_gz": gettext_noop("Unpack the .gz, and import the .zip in it."),
    "nul": gettext_noop("If it is UTF-16, save it as UTF-8; else export it anew."),
    "encoding": gettext_noop("Choose the encoding that it is written in, or save the file as UTF-8."),
    "encoding_guess": gettext_noop(
        "It seems to be Windows-1252: choose that as the encoding (on the command line: --encoding windows-1252), or "
        "save it as UTF-8, which Excel calls “CSV UTF-8”, or as .xlsx."
    ),
    "encoding_unknown": gettext_noop("Use one of: {allowed}."),
    "quote_open": _MEND,
    "csv_broken": _MEND,
    "columns_many": gettext_noop("Leave out columns that are not needed."),
    "rows_many": _SMALLER,
    "cell_big": gettext_noop("Shorten the cell; often a quotation mark is missing before it."),
    "file_big": _SMALLER,
    "unpacked_big": _SMALLER,
    "bomb": gettext_noop("If it is honest, import it unpacked."),
    "document_big": gettext_noop("Write it as JSON lines or as a list of objects, one per record."),
    "gzip_broken": _ANEW,
    "zip_broken": _PACK,
    "members_many": gettext_noop("Put in only the files to be imported."),
    "member_unsafe": _PACK,
    "member_link": _PACK,
    "member_twice": _PACK,
    "member_overlap": _PACK,
    "member_locked": gettext_noop("Save it without a password."),
    "xlsx_broken": gettext_noop("Open it in a spreadsheet program and save it anew as .xlsx."),
    "xlsx_locked": gettext_noop("Save it without a password."),
    "formula_empty": gettext_noop("Open the workbook in a spreadsheet program, save it, and import it again."),
    "sheet_big": gettext_noop("Delete empty rows and columns at the end of the sheet, or save it as CSV."),
    "json_broken": _MEND,
    "json_twice": gettext_noop("Keep one of them."),
    "yaml_broken": _MEND,
    "yaml_tag": gettext_noop("Write the value without the tag."),
    "yaml_twice": gettext_noop("Keep one of them."),
    "yaml_aliases": gettext_noop("Write the values out instead of referring to them."),
    "xml_broken": _MEND,
    "xml_entity": gettext_noop("Export it without DOCTYPE and entities."),
    "nesting": gettext_noop("Flatten the file."),
    "noun_unclear": gettext_noop("Call the file or sheet after what it holds, such as {example}."),
    "columns_missing": gettext_noop("Add the column, or choose another mapping."),
    "columns_twice": gettext_noop("Remove or rename all but one of them."),
    "nothing_taken": gettext_noop("Check the export's filter, or choose another mapping."),
    "jq_failed": gettext_noop("Choose another mapping, or mend its expressions."),
    "takes_nothing": gettext_noop("Choose another mapping, or rename the file after what it holds."),
    "not_a_key_table": gettext_noop("Rename the columns as in the template, or choose another mapping."),
}

READY: dict[str, tuple[str, str]] = {
    "plain": (
        gettext_noop("Plain layout"),
        gettext_noop(
            "Files or sheets called items, groups, persons, members, part_of, responsibilities, links, dependencies, "
            "changes and changed_items."
        ),
    ),
    "backstage": (
        gettext_noop("Backstage descriptors"),
        gettext_noop(
            "Component, API, Resource, System and Domain become items; Group and User groups, persons and members."
        ),
    ),
    "pages": (
        gettext_noop("Pages with front matter"),
        gettext_noop(
            "Markdown pages in a folder, a git checkout or a zip, or JSON lines with path, text and front_matter: each "
            "becomes a published document with its owner and review dates."
        ),
    ),
    "itop": (
        gettext_noop("iTop"),
        gettext_noop(
            "Configuration items, services, contracts, documents and locations become items; teams, persons and their "
            "membership; links and fields between them dependencies."
        ),
    ),
    "netbox_csv": (
        gettext_noop("NetBox CSV lists"),
        gettext_noop(
            "Devices, virtual machines, sites, racks, clusters, circuits and tenants as exported from NetBox's lists."
        ),
    ),
    "netbox_rest": (
        gettext_noop("NetBox REST answers"),
        gettext_noop("Objects from /api/dcim, /api/virtualization, /api/circuits and /api/tenancy, told by their url."),
    ),
    "netbox_fixture": (
        gettext_noop("NetBox fixture"),
        gettext_noop(
            "Sites, racks, devices, virtual machines, clusters, circuits and power from a dump of the database."
        ),
    ),
    "servicenow_cmdb_ci": (
        gettext_noop("ServiceNow cmdb_ci"),
        gettext_noop(
            "Tables cmdb_ci and below, cmdb_rel_ci for dependencies, sys_user_group and sys_user_grmember for groups, "
            "sys_user for persons."
        ),
    ),
    "servicenow_change_request": (
        gettext_noop("ServiceNow change_request"),
        gettext_noop(
            "Tables change_request (also as exported change lists) and task_ci for the items that they alter."
        ),
    ),
}
"""Title and purpose of the ready mappings, as they stand in them."""
