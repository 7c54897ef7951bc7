package dev.ermine.merge;

import dev.ermine.merge.AccountLine.Origin;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the account says of one contribution: one line, or one for each group of types where types
 * differ.
 */
final class Account {

  /** The words that end the first sentence of every account. */
  static final String CLOSING =
      "This covers connected regions only, and they may hold more than they share: absence here is not"
          + " evidence of absence.";

  private Account() {}

  static List<AccountLine> lines(
      Contribution contribution, Optional<RegionView> view, int disclosed, int doubled) {
    Region region = contribution.region();
    return switch (contribution) {
      case Contribution.NotAgreed(_, var rules) ->
          List.of(
              gateway(
                  region,
                  Status.NOT_ASKED,
                  "not asked: no data sharing agreement covers this asker, purpose, role and type",
                  rules));
      case Contribution.LeftOut _ ->
          List.of(gateway(region, Status.NOT_ASKED, "not asked: the asker left it out", List.of()));
      case Contribution.Suspended _ ->
          List.of(
              gateway(
                  region,
                  Status.SUSPENDED,
                  "not asked: trust in it is suspended. "
                      + region.publicText().orElse("Ask it directly."),
                  List.of()));
      case Contribution.Asked asked -> asked(asked, view, disclosed, doubled);
    };
  }

  private static List<AccountLine> asked(
      Contribution.Asked asked, Optional<RegionView> view, int disclosed, int doubled) {
    List<AccountLine> lines = new ArrayList<>();
    switch (asked.answer()) {
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ ->
          lines.add(
              region(asked, Status.NOT_MATCHED, "no patient matched there that it may share"));
      case PeerAnswer.Missed(Miss miss) -> lines.add(missed(asked, miss, ""));
      case PeerAnswer.Document _ ->
          lines.add(gateway(asked.region(), Status.FAILING, "sent what was not asked", List.of()));
      case PeerAnswer.Answered answered ->
          lines.addAll(
              view.map(v -> answered(asked, answered, v, disclosed, doubled))
                  .orElseGet(() -> List.of(quarantined(asked))));
    }
    if (!asked.denied().isEmpty()) {
      lines.add(
          gateway(
              asked.region(),
              Status.NOT_ASKED,
              "not asked for "
                  + String.join(", ", asked.denied())
                  + ": no data sharing agreement covers it",
              asked.deniedBy()));
    }
    return lines;
  }

  private static List<AccountLine> answered(
      Contribution.Asked asked,
      PeerAnswer.Answered answered,
      RegionView view,
      int disclosed,
      int doubled) {
    List<AccountLine> lines = new ArrayList<>();
    List<String> gaps = gaps(answered, view.setAside() + doubled);
    Map<Miss, List<String>> unread = unread(answered);
    if (unread.size() < answered.types().size() || unread.isEmpty()) {
      String entries = entries(disclosed) + unasked(view.unasked());
      lines.add(
          gaps.isEmpty()
              ? region(asked, disclosed == 0 ? Status.EMPTY : Status.ANSWERED, entries)
              : region(
                  asked,
                  Status.PART_ANSWERED,
                  entries + "; known gaps: " + String.join("; ", gaps)));
    }
    unread.forEach(
        (miss, types) -> lines.add(missed(asked, miss, String.join(", ", types) + ": ")));
    return lines;
  }

  private static String entries(int disclosed) {
    return switch (disclosed) {
      case 0 -> "shared nothing for this question";
      case 1 -> "1 entry";
      default -> disclosed + " entries";
    };
  }

  private static String unasked(int unasked) {
    return unasked == 0 ? "" : "; " + unasked + " that nobody asked for left out";
  }

  private static List<String> gaps(PeerAnswer.Answered answered, int setAside) {
    List<String> gaps = new ArrayList<>();
    answered
        .types()
        .forEach(
            (type, answer) -> {
              if (answer instanceof TypeAnswer.Read read) {
                read.gaps().stream()
                    .map(Gap::why)
                    .distinct()
                    .forEach(why -> gaps.add(type + ": " + why));
              }
            });
    if (setAside > 0) {
      gaps.add(
          setAside
              + (setAside == 1 ? " entry was" : " entries were")
              + " set aside: whose record it is, or where it stands, cannot be told safely");
    }
    return gaps;
  }

  private static Map<Miss, List<String>> unread(PeerAnswer.Answered answered) {
    Map<Miss, List<String>> unread = new LinkedHashMap<>();
    answered
        .types()
        .forEach(
            (type, answer) -> {
              if (answer instanceof TypeAnswer.Unread(Miss miss)) {
                unread.computeIfAbsent(miss, _ -> new ArrayList<>()).add(type);
              }
            });
    return unread;
  }

  private static AccountLine missed(Contribution.Asked asked, Miss miss, String types) {
    Status status = Status.of(miss);
    return switch (miss) {
      case Miss.TimedOut _ ->
          gateway(asked.region(), status, types + "no answer in the time allowed", asked.rules());
      case Miss.Unreachable(String why) ->
          gateway(asked.region(), status, types + "no connection: " + why, asked.rules());
      case Miss.Failing(String why) ->
          gateway(asked.region(), status, types + "failing: " + why, asked.rules());
      case Miss.Throttled(var retryAfter) ->
          gateway(
              asked.region(),
              status,
              types
                  + "its quota is spent"
                  + retryAfter.map(wait -> "; ask again in " + wait.toSeconds() + " s").orElse(""),
              asked.rules());
      case Miss.Refused _ -> region(asked, status, types + "the region refused this asker");
    };
  }

  private static AccountLine quarantined(Contribution.Asked asked) {
    return gateway(
        asked.region(),
        Status.QUARANTINED,
        "its patient is not surely this one; nothing of it was merged",
        asked.rules());
  }

  private static AccountLine region(Contribution.Asked asked, Status status, String text) {
    return new AccountLine(asked.region(), status, text, Origin.REGION, asked.rules());
  }

  private static AccountLine gateway(
      Region region, Status status, String text, List<String> rules) {
    return new AccountLine(region, status, text, Origin.GATEWAY, rules);
  }
}
