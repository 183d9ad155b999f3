#include "snapshot/details.h"

#include <stdlib.h>

void task_details_free(struct task_details *details)
{
	free(details->command);
	details->command = NULL;
}
