"""Sums up JUnit files: what failed, how many tests were skipped for which reason, and
last `N passed, N failed`; exit code 1 where any failed."""

import collections
import re
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") == "notrun":
        return "skipped"
    return "passed"


def reason(case: ElementTree.Element) -> str:
    """Why a test was skipped, without the place in the test."""
    skipped = case.find("skipped")
    text = "" if skipped is None else skipped.get("message") or skipped.text or ""
    return re.sub(r"^\S+:\d+: ", "", text.strip()) or "no reason given"


def main(paths: list[str]) -> int:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    reasons: collections.Counter[str] = collections.Counter()
    for path in paths:
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            result = outcome(case)
            counts[result] += 1
            if result == "failed":
                print(f"FAILED {case.get('classname')} {case.get('name')}")
            if result == "skipped":
                reasons[reason(case)] += 1
    for text, count in reasons.most_common():
        print(f"{count} skipped: {text}")
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
