/* The rows of a table as a JSON array. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "table/internal.h"
#include "table/json.h"
#include "table/lines.h"

static json_t *list_to_json(const char *cell)
{
	json_t *array = json_array();

	while (array && cell && *cell) {
		AUTO_FREE char *item = lines_next(&cell);

		if (!item || json_array_append_new(array, json_safe_string(item)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *cell_to_json(const struct column *column, const struct cell *cell)
{
	if (column->type == COLUMN_LIST)
		return list_to_json(cell->text);
	if (!cell->text)
		return json_null();
	if (column->type == COLUMN_NUMBER)
		return json_integer((json_int_t)strtoull(cell->text, NULL, 10));
	if (column->type == COLUMN_ANSWER)
		return json_boolean(strcmp(cell->text, "yes") == 0);
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

static json_t *row_to_json(const struct table *table, const struct table_row *row)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < table->chosen_count; i++) {
		const struct column *column = table->columns[table->chosen[i]];
		char key[64];

		to_key(column->name, key, sizeof(key));
		if (json_object_set_new(object, key, cell_to_json(column, &row->cells[table->chosen[i]])) <
		    0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

json_t *table_to_json(const struct table *table)
{
	json_t *rows = json_array();

	for (size_t i = 0; rows && i < table->row_count; i++) {
		if (table->rows[i]->is_hidden)
			continue;
		if (json_array_append_new(rows, row_to_json(table, table->rows[i])) < 0) {
			json_decref(rows);
			return NULL;
		}
	}
	return rows;
}
