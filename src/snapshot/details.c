#include "snapshot/details.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int copy_text(const char *from, char **to)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

int task_details_copy(const struct task_details *from, struct task_details *to)
{
	int user;
	int command;
	int inside_user;

	*to = *from;
	user = copy_text(from->user, &to->user);
	command = copy_text(from->command, &to->command);
	inside_user = copy_text(from->inside_user, &to->inside_user);
	return user < 0 || command < 0 || inside_user < 0 ? -ENOMEM : 0;
}

void task_details_free(struct task_details *details)
{
	free(details->user);
	free(details->command);
	free(details->inside_user);
	*details = (struct task_details){0};
}
