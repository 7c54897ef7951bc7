package dev.ermine.policy;

import java.util.ArrayList;
import java.util.List;

/** One thing that a provision asks before it applies. */
interface Criterion {

  /** Whether it is met. */
  Truth of(EntryView entry);

  /** What it asks, as the end of a sentence that begins with the provision. */
  String words();

  /** One that no entry changes: who asks, what for, and when. */
  record Settled(Truth truth, String words) implements Criterion {
    @Override
    public Truth of(EntryView entry) {
      return truth;
    }
  }

  /** One that is met when one of several is. */
  record AnyOf(List<Criterion> several) implements Criterion {
    @Override
    public Truth of(EntryView entry) {
      Truth any = Truth.FALSE;
      for (Criterion each : several) {
        any = any.or(each.of(entry));
        if (any == Truth.TRUE) {
          return any;
        }
      }
      return any;
    }

    @Override
    public String words() {
      return String.join(", or ", several.stream().map(Criterion::words).distinct().toList());
    }
  }

  /** Any of those, as simply as it can be said. */
  static Criterion any(List<Criterion> several) {
    Truth settled = Truth.FALSE;
    List<Criterion> open = new ArrayList<>();
    for (Criterion each : several) {
      if (each instanceof Settled(Truth truth, _)) {
        settled = settled.or(truth);
      } else {
        open.add(each);
      }
    }
    return open.isEmpty() || settled == Truth.TRUE
        ? new Settled(settled, new AnyOf(several).words())
        : new AnyOf(several);
  }
}
