#include "target/kind.h"

int target_open(const struct target *target, enum engine engine, struct opened_target *opened,
		struct error *err)
{
	*opened = TARGET_CLOSED;
	return target_row_of(target)->open(target, engine, opened, err);
}

int target_open_text(const char *text, enum engine engine, struct opened_target *opened, struct error *err)
{
	struct target target;
	int ret;

	*opened = TARGET_CLOSED;
	ret = target_parse(text, &target, err);
	return ret < 0 ? ret : target_open(&target, engine, opened, err);
}

void opened_target_close(struct opened_target *opened)
{
	process_close(&opened->process);
	ns_close(&opened->ns);
}
