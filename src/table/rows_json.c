/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a table as a JSON array. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "table/internal.h"
#include "table/lines.h"

#define KEY_SIZE 64

/* A column and the key of its values. */
struct keyed_column {
	size_t number;
	enum column_type type;
	char key[KEY_SIZE];
};

/* "NSID" is the key "nsid". */
static void to_key(const char *name, char *key)
{
	size_t length = 0;

	for (; name[length] && length + 1 < KEY_SIZE; length++)
		key[length] = text_to_lower(name[length]);
	key[length] = '\0';
}

/* An object has each key once, also where the options name a column twice. */
static size_t collect_keys(const struct table *table, struct keyed_column *keyed)
{
	AUTO_FREE bool *is_keyed = calloc(table->column_count, sizeof(*is_keyed));
	size_t count = 0;

	for (size_t i = 0; is_keyed && i < table->chosen_count; i++) {
		size_t number = table->chosen[i];

		if (is_keyed[number])
			continue;
		is_keyed[number] = true;
		keyed[count].number = number;
		keyed[count].type = table->columns[number]->type;
		to_key(table->columns[number]->name, keyed[count++].key);
	}
	return count;
}

static void json_write_list(struct json *json, const char *key, const char *lines)
{
	json_open_array(json, key);
	while (lines && *lines) {
		AUTO_FREE char *item = lines_next(&lines);

		if (!item) {
			json->lacks_memory = true;
			break;
		}
		json_add_text(json, NULL, item);
	}
	json_close(json);
}

static void json_write_cell(struct json *json, const struct keyed_column *column, const char *text)
{
	if (column->type == COLUMN_LIST)
		json_write_list(json, column->key, text);
	else if (!text)
		json_add_null(json, column->key);
	else if (column->type == COLUMN_NUMBER)
		json_add_number(json, column->key, strtoull(text, NULL, 10));
	else if (column->type == COLUMN_ANSWER)
		json_add_answer(json, column->key, strcmp(text, "yes") == 0);
	else
		json_add_text(json, column->key, text);
}

static void json_write_row(struct json *json, const struct table *table, const struct keyed_column *keyed,
			   size_t count, const struct table_row *row)
{
	json_open_object(json, NULL);
	for (size_t i = 0; i < count; i++)
		json_write_cell(json, &keyed[i], row_cell(table, row, keyed[i].number)->text);
	json_close(json);
}

void table_write_json(const struct table *table, struct json *json, const char *key)
{
	AUTO_FREE struct keyed_column *keyed = calloc(table->chosen_count, sizeof(*keyed));
	size_t count = keyed ? collect_keys(table, keyed) : 0;

	json_open_array(json, key);
	for (size_t i = 0; i < table->row_count && count > 0; i++) {
		if (!table->rows[i]->is_hidden)
			json_write_row(json, table, keyed, count, table->rows[i]);
	}
	json_close(json);
	json->lacks_memory |= count == 0;
}
