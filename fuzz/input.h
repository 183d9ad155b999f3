/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fuzzer's bytes as the NUL-terminated text that the parsers take. */
#ifndef NSCTL_FUZZ_INPUT_H
#define NSCTL_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *to_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
