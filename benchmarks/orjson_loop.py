"""Parse each line of a file of JSON Lines and do nothing else: the cost of reading.

python benchmarks/orjson_loop.py FILE
"""

import sys

import orjson


def main() -> None:
    """Parse the lines and print their number."""
    lines = 0
    with open(sys.argv[1], "rb") as file:
        for line in file:
            orjson.loads(line)
            lines += 1
    print(f"{lines} items", file=sys.stderr)


if __name__ == "__main__":
    main()
