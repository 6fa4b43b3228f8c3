"""What Helhet's speed is held against: cases that measure their own floor in the same run. See docs/performance.md."""
