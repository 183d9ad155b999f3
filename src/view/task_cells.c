#include "view/task_cells.h"

#include "view/age.h"

int cell_set_user(struct table *table, size_t column, const struct task_details *details, struct error *err)
{
	return details->user ? table_set_text(table, column, details->user, err) : 0;
}

int cell_set_age(struct table *table, size_t column, const struct task_details *details, struct error *err)
{
	char text[48];

	if (!details->has_age)
		return 0;
	age_format(details->age, text, sizeof(text));
	return table_set_shown_number(table, column, details->age, text, err);
}

int cell_set_state(struct table *table, size_t column, const struct task_details *details, struct error *err)
{
	const char text[] = {details->state, '\0'};

	return details->state ? table_set_text(table, column, text, err) : 0;
}

int cell_set_command(struct table *table, size_t column, const struct task_details *details,
		     struct error *err)
{
	return details->command ? table_set_text(table, column, details->command, err) : 0;
}
