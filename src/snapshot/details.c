/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/details.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int task_details_copy(const struct task_details *from, struct task_details *to)
{
	int ret = 0;

	*to = *from;
	for (enum detail_text text = 0; text < DETAIL_TEXT_COUNT; text++) {
		to->texts[text] = from->texts[text] ? strdup(from->texts[text]) : NULL;
		if (from->texts[text] && !to->texts[text])
			ret = -ENOMEM;
	}
	return ret;
}

void task_details_free(struct task_details *details)
{
	for (enum detail_text text = 0; text < DETAIL_TEXT_COUNT; text++)
		free(details->texts[text]);
	*details = (struct task_details){0};
}
