# SPDX-License-Identifier: GPL-2.0-or-later
# What `make release` made, in the directory that RELEASE names.  tools/release runs this.
bats_require_minimum_version 1.5.0

setup() {
	cd "${RELEASE:?the directory of a release}" || return
	name=nsctl-${VERSION:?}
	programs=("$name-linux-x86_64" "$name-linux-aarch64")
	sbom=$name.spdx.json
}

# sbom FILTER: an expression of jq that holds for the document.
sbom() {
	jq -e "$1" "$sbom" >/dev/null || {
		echo "$sbom: not true: $1" >&2
		return 1
	}
}

@test "the checksums are those of all other files" {
	run -0 sha256sum --check --strict --quiet SHA256SUMS
	[ "$(awk '{ print $2 }' SHA256SUMS | sort)" = "$(find . -type f ! -name SHA256SUMS -printf '%P\n' | sort)" ]
	[ "$(wc -l <SHA256SUMS)" -eq 4 ]
}

@test "the programs are static, stripped and for their machines" {
	local program
	readelf --file-header "${programs[0]}" | grep -q 'Machine:.*X86-64'
	readelf --file-header "${programs[1]}" | grep -q 'Machine:.*AArch64'
	for program in "${programs[@]}"; do
		[ -x "$program" ]
		run -0 readelf --wide --program-headers --dynamic --sections "$program"
		[[ $output == *LOAD* ]]
		[[ $output != *INTERP* && $output != *NEEDED* && $output != *.symtab* && $output != *.debug_* ]]
	done
}

@test "the programs contain no path of the build" {
	local program
	for program in "${programs[@]}"; do
		run -0 strings "$program"
		[[ $output == *"Usage: nsctl"* ]]
		[[ $output != */tmp/* && $output != *"$PWD"* && $output != *"${HOME%/}/"* ]]
	done
}

@test "the programs run" {
	local net
	net=$(readlink /proc/self/ns/net)
	run -0 "./${programs[0]}" --version
	[ "$output" = "nsctl $VERSION" ]
	run -0 qemu-aarch64-static "./${programs[1]}" --version
	[ "$output" = "nsctl $VERSION" ]
	run -0 "./${programs[0]}" show self
	[[ $output == *"net "*"${net//[!0-9]/}"* ]]
	run -0 qemu-aarch64-static "./${programs[1]}" show self
	[[ $output == *"net "*"${net//[!0-9]/}"* ]]
}

@test "the source is that of this version, below one directory" {
	run -0 tar -tzf "$name.tar.gz"
	! grep -qv "^$name/" <<<"$output" || return
	tar -xzOf "$name.tar.gz" "$name/meson.build" | grep -q "version: '$VERSION'"
	tar -xzOf "$name.tar.gz" "$name/LICENSE" | grep -q 'GNU GENERAL PUBLIC LICENSE'
}

@test "the list of what is linked in has the fields that SPDX 2.3 requires" {
	sbom '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT"'
	sbom '.name and (.documentNamespace | test("^https://[^#]+$"))'
	sbom '.creationInfo.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")'
	sbom '.creationInfo.creators | length > 0 and all(test("^(Tool|Person|Organization): "))'
	sbom '.packages | all(.name and .downloadLocation and (.SPDXID | test("^SPDXRef-[A-Za-z0-9.-]+$")))'
	sbom '[.packages[].SPDXID] | length == (unique | length)'
	sbom '.packages | all(.licenseDeclared | test("NOASSERTION") | not)'
}

@test "the list has the programs, and for each the libraries that it is made of" {
	local machine sum
	for machine in x86_64 aarch64; do
		sum=$(sha256sum <"$name-linux-$machine" | cut -d ' ' -f 1)
		sbom ".packages | any(.packageFileName == \"$name-linux-$machine\" and .checksums[0].checksumValue == \"$sum\")"
		sbom "[.packages as \$p | .relationships[]
			| select(.spdxElementId == \"SPDXRef-nsctl-${machine/_/-}\" and .relationshipType == \"STATIC_LINK\")
			| .relatedSpdxElement as \$id | \$p[] | select(.SPDXID == \$id) | .name] | sort
			== [\"glibc\", \"jansson\", \"libgcc\", \"libseccomp\", \"libsmartcols\"]"
	done
	sbom '[.packages[].SPDXID, .SPDXID] as $known | .relationships
		| all((.spdxElementId | IN($known[])) and (.relatedSpdxElement | IN($known[])))'
}
