#include "view/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "view/json.h"

struct cell {
	char *text; /* NULL: unknown */
	bool is_note;
};

struct table {
	const struct column *columns;
	size_t column_count;
	const struct view_options *options;
	size_t *chosen; /* numbers of columns, in the order to print */
	size_t chosen_count;
	struct cell *cells; /* row by row, column_count each */
	size_t row_count;
};

static int find_column(const struct table *table, const char *name, size_t length, size_t *column)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (strlen(table->columns[i].name) == length &&
		    strncasecmp(table->columns[i].name, name, length) == 0) {
			*column = i;
			return 0;
		}
	}
	return -ENOENT;
}

static int choose(struct table *table, size_t column, struct error *err)
{
	size_t *larger = reallocarray(table->chosen, table->chosen_count + 1, sizeof(*larger));

	if (!larger)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	table->chosen = larger;
	table->chosen[table->chosen_count++] = column;
	return 0;
}

static int choose_listed(struct table *table, const char *list, struct error *err)
{
	while (*list) {
		size_t length = strcspn(list, ",");
		size_t column;
		int ret;

		if (find_column(table, list, length, &column) < 0) {
			error_set(err, EINVAL, "there is no column '%.*s'", (int)length, list);
			return error_hint(err, "--list-columns lists them");
		}
		ret = choose(table, column, err);
		if (ret < 0)
			return ret;
		list += length;
		list += *list == ',';
	}
	return 0;
}

static int choose_columns(struct table *table, struct error *err)
{
	const struct view_options *options = table->options;
	bool adds = options->output && options->output[0] == '+';
	int ret = 0;

	for (size_t i = 0; i < table->column_count && (!options->output || adds) && ret == 0; i++) {
		/* JSON is for programs, which take what they want. */
		if (options->all_columns || options->json || table->columns[i].is_default)
			ret = choose(table, i, err);
	}
	if (ret == 0 && options->output)
		ret = choose_listed(table, options->output + adds, err);
	if (ret == 0 && table->chosen_count == 0) {
		error_set(err, EINVAL, "no column was chosen");
		return error_hint(err, "--list-columns lists them");
	}
	return ret;
}

struct table *table_new(const struct column *columns, size_t count, const struct view_options *options,
			struct error *err)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table) {
		error_set_errno(err, ENOMEM, "cannot make a table");
		return NULL;
	}
	*table = (struct table){.columns = columns, .column_count = count, .options = options};
	if (choose_columns(table, err) < 0) {
		table_free(table);
		return NULL;
	}
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->row_count * table->column_count; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table->chosen);
	free(table);
}

int table_add_row(struct table *table, struct error *err)
{
	size_t used = table->row_count * table->column_count;
	struct cell *larger = reallocarray(table->cells, used + table->column_count, sizeof(*larger));

	if (!larger)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	memset(larger + used, 0, table->column_count * sizeof(*larger));
	table->cells = larger;
	table->row_count++;
	return 0;
}

static const struct cell *cell_at(const struct table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

static int set_cell(struct table *table, size_t column, const char *text, bool is_note, struct error *err)
{
	struct cell *cell = &table->cells[(table->row_count - 1) * table->column_count + column];

	free(cell->text);
	cell->text = strdup(text);
	cell->is_note = is_note;
	return cell->text ? 0 : error_set_errno(err, ENOMEM, "cannot make a table");
}

int table_set_text(struct table *table, size_t column, const char *text, struct error *err)
{
	return set_cell(table, column, text, false, err);
}

int table_set_number(struct table *table, size_t column, uint64_t number, struct error *err)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%ju", (uintmax_t)number);
	return set_cell(table, column, digits, false, err);
}

int table_set_note(struct table *table, size_t column, const char *note, struct error *err)
{
	return set_cell(table, column, note, true, err);
}

/*
 * In raw mode libsmartcols writes blanks, backslashes and what cannot be
 * printed as \xNN itself; there an empty cell would shift those behind it.
 */
static int set_line_data(struct libscols_line *line, size_t column, const char *text, bool is_raw)
{
	AUTO_FREE char *safe = NULL;
	size_t size;

	if (is_raw)
		return scols_line_set_data(line, column, text && text[0] ? text : "-");
	if (!text)
		return 0;
	size = 4 * strlen(text) + 1;
	safe = malloc(size);
	if (!safe)
		return -ENOMEM;
	text_escape(text, strlen(text), safe, size);
	return scols_line_set_data(line, column, safe);
}

static int fill_line(const struct table *table, size_t row, struct libscols_line *line)
{
	for (size_t i = 0; i < table->chosen_count; i++) {
		const char *text = cell_at(table, row, table->chosen[i])->text;
		int ret = set_line_data(line, i, text, table->options->raw);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int add_column(const struct table *table, const struct column *column, struct libscols_table *out)
{
	int flags = column->type == COLUMN_NUMBER ? SCOLS_FL_RIGHT : 0;
	char safe[512]; /* a heading may be a word of the user's */

	if (!table->options->no_truncate && column->type == COLUMN_TEXT)
		flags |= SCOLS_FL_TRUNC;
	text_escape(column->name, strlen(column->name), safe, sizeof(safe));
	return scols_table_new_column(out, safe, 0, flags) ? 0 : -ENOMEM;
}

static int fill(const struct table *table, struct libscols_table *out)
{
	int ret = 0;

	for (size_t i = 0; i < table->chosen_count && ret == 0; i++)
		ret = add_column(table, &table->columns[table->chosen[i]], out);
	for (size_t row = 0; row < table->row_count && ret == 0; row++) {
		struct libscols_line *line = scols_table_new_line(out, NULL);

		ret = line ? fill_line(table, row, line) : -ENOMEM;
	}
	return ret;
}

int table_print(const struct table *table, struct error *err)
{
	struct libscols_table *out;
	int ret;

	/* For the width of characters.  UTF-8 needs no locale files in the C library, others do. */
	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C.UTF-8");
	out = scols_new_table();
	if (!out)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	scols_table_enable_raw(out, table->options->raw);
	scols_table_enable_noencoding(out, !table->options->raw);
	scols_table_enable_noheadings(out, table->options->no_headings);
	ret = fill(table, out);
	if (ret == 0)
		ret = scols_print_table(out);
	scols_unref_table(out);
	return ret < 0 ? error_set_errno(err, -ret, "cannot print the table") : 0;
}

static json_t *cell_to_json(const struct column *column, const struct cell *cell)
{
	if (!cell->text || cell->is_note)
		return json_null();
	switch (column->type) {
	case COLUMN_NUMBER:
		return json_integer((json_int_t)strtoull(cell->text, NULL, 10));
	case COLUMN_ANSWER:
		return json_boolean(strcmp(cell->text, "yes") == 0);
	case COLUMN_TEXT:
		break;
	}
	return json_safe_string(cell->text);
}

/* "NSID" is the key "nsid". */
static void to_key(const char *name, char *key, size_t size)
{
	size_t length = 0;

	for (; name[length] && length + 1 < size; length++)
		key[length] = (char)(name[length] | (name[length] >= 'A' && name[length] <= 'Z' ? 0x20 : 0));
	key[length] = '\0';
}

static json_t *row_to_json(const struct table *table, size_t row)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < table->chosen_count; i++) {
		const struct column *column = &table->columns[table->chosen[i]];
		char key[64];

		to_key(column->name, key, sizeof(key));
		if (json_object_set_new(object, key,
					cell_to_json(column, cell_at(table, row, table->chosen[i]))) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

json_t *table_to_json(const struct table *table)
{
	json_t *rows = json_array();

	for (size_t row = 0; rows && row < table->row_count; row++) {
		if (json_array_append_new(rows, row_to_json(table, row)) < 0) {
			json_decref(rows);
			return NULL;
		}
	}
	return rows;
}

void table_list_columns(const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%-10s %s\n", columns[i].name, columns[i].help);
}
