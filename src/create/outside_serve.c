/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/outside_serve.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "create/lasting.h"

static int obey(struct lasting *lasting, enum order order, struct error *err)
{
	const struct creation *creation = lasting->creation;

	switch (order) {
	case ORDER_MAPS:
		return id_maps_write_outside(&creation->maps, creation->proc_pid, creation->self_fd, err);
	case ORDER_LAST:
		return lasting_make(lasting, err);
	case ORDER_UNDO:
		lasting_undo(lasting);
		return 0;
	default:
		return error_set(err, EINVAL, "unknown order");
	}
}

int outside_serve(const struct creation *creation, int channel)
{
	struct lasting lasting = lasting_start(creation);
	bool is_committed = false;
	unsigned char order;

	while (recv(channel, &order, 1, 0) == 1) {
		struct error err = {0};

		is_committed = order == ORDER_COMMIT;
		if (is_committed)
			continue;
		obey(&lasting, order, &err);
		if (send(channel, &err, sizeof(err), MSG_NOSIGNAL) < 0)
			break;
	}
	if (!is_committed)
		lasting_undo(&lasting);
	lasting_end(&lasting);
	return EXIT_SUCCESS;
}
