package dev.ermine.app;

import dev.ermine.audit.PastEvent;
import dev.ermine.region.RegionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The notices that are still to be given, each region's in the order of their events. */
final class Notices {

  /** More wait in the audit file. */
  private static final int MOST = 10_000;

  private final SequencedMap<Notice.Id, Notice> outstanding = new LinkedHashMap<>();

  /** Takes in what the audit says: that the glass was broken, or that an office was told of it. */
  synchronized void heed(PastEvent event) {
    switch (event.phase()) {
      case OVERRIDE -> notices(event).forEach(notice -> outstanding.put(notice.id(), notice));
      case NOTICE ->
          region(event)
              .flatMap(
                  to -> event.about().map(about -> new Notice.Id(to, event.requestId(), about)))
              .ifPresent(outstanding::remove);
      case INTENT, OUTCOME, REFUSAL, ACT -> {}
    }
  }

  private static Stream<Notice> notices(PastEvent event) {
    return Stream.concat(
            region(event).stream(),
            event.asked().keySet().stream().filter(RegionId::isValid).map(RegionId::new))
        .map(to -> new Notice(event, to));
  }

  private static Optional<RegionId> region(PastEvent event) {
    return event.region().filter(RegionId::isValid).map(RegionId::new);
  }

  /** The first to that region. */
  synchronized Optional<Notice> next(RegionId to) {
    return outstanding.values().stream().filter(notice -> notice.to().equals(to)).findFirst();
  }

  /** It has been given, or nobody takes it. */
  synchronized void done(Notice notice) {
    outstanding.remove(notice.id());
  }

  /** The regions that some are for. */
  synchronized List<RegionId> regions() {
    return outstanding.values().stream().map(Notice::to).distinct().toList();
  }

  synchronized int size() {
    return outstanding.size();
  }

  boolean hasRoom() {
    return size() < MOST;
  }
}
