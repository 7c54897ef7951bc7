package dev.ermine.merge;

import dev.ermine.merge.AccountLine.Origin;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.policy.EntryDecision.Reason;
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
      Contribution contribution,
      Optional<RegionView> view,
      Optional<Merged.Share> share,
      int doubled) {
    Region region = contribution.region();
    return switch (contribution) {
      case Contribution.NotAgreed(_, var rules) ->
          List.of(
              gateway(
                  region,
                  Status.NOT_ASKED,
                  "not asked: no data sharing agreement covers this asker, purpose, role and type",
                  rules));
      case Contribution.CameThrough _ ->
          List.of(
              gateway(
                  region, Status.NOT_ASKED, "not asked: the question came through it", List.of()));
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
      case Contribution.Asked asked -> asked(asked, view, share, doubled);
    };
  }

  private static List<AccountLine> asked(
      Contribution.Asked asked,
      Optional<RegionView> view,
      Optional<Merged.Share> share,
      int doubled) {
    List<AccountLine> lines = new ArrayList<>(said(asked, view, share, doubled));
    lines.set(0, remarked(asked, lines.getFirst()));
    if (!asked.denied().isEmpty()) {
      lines.add(
          new AccountLine(
              asked.region(),
              Status.NOT_ASKED,
              asked.denied(),
              "not asked for "
                  + String.join(", ", asked.denied())
                  + ": no data sharing agreement covers it",
              Origin.GATEWAY,
              asked.deniedBy()));
    }
    return lines;
  }

  /** What agreements have said of a region is said whoever the patient is, whatever it answered. */
  private static AccountLine remarked(Contribution.Asked asked, AccountLine line) {
    List<String> remarks = new ArrayList<>(asked.notices());
    asked.offer().ifPresent(remarks::add);
    return remarks.isEmpty()
        ? line
        : new AccountLine(
            line.region(),
            line.status(),
            line.types(),
            line.text() + ". " + String.join(" ", remarks),
            line.origin(),
            line.rules());
  }

  private static List<AccountLine> said(
      Contribution.Asked asked,
      Optional<RegionView> view,
      Optional<Merged.Share> share,
      int doubled) {
    return switch (asked.answer()) {
      case PeerAnswer.Missed(Miss miss) -> List.of(missed(asked, miss, List.of()));
      case PeerAnswer.Document _ ->
          List.of(gateway(asked.region(), Status.FAILING, "sent what was not asked", List.of()));
      case PeerAnswer.Answered _ when view.isEmpty() -> List.of(quarantined(asked));
      case PeerAnswer _ when asked.policy().undecided() -> List.of(consentUnknown(asked));
      case PeerAnswer.NotMatched _ -> List.of(notMatched(asked));
      case PeerAnswer.Objected _ -> List.of(withheldWhole(asked, Reason.OBJECTION));
      case PeerAnswer.Answered answered ->
          asked
              .policy()
              .withholdAll()
              .map(reason -> List.of(withheldWhole(asked, reason)))
              .orElseGet(
                  () ->
                      answered(asked, answered, view.orElseThrow(), share.orElseThrow(), doubled));
    };
  }

  private static List<AccountLine> answered(
      Contribution.Asked asked,
      PeerAnswer.Answered answered,
      RegionView view,
      Merged.Share share,
      int doubled) {
    List<AccountLine> lines = new ArrayList<>();
    List<String> gaps = gaps(answered, view, Remarks.setAside(view, doubled));
    int disclosed = share.disclosed().size();
    Map<Miss, List<String>> unread = unread(answered);
    boolean withheld = view.withheld().stream().anyMatch(asked.policy()::tells);
    if (unread.size() < answered.types().size() || unread.isEmpty()) {
      String entries =
          entries(disclosed)
              + share.routes().words()
              + unasked(view.unasked())
              + view.filtered().words()
              + view.standing().remark();
      if (!gaps.isEmpty()) {
        String known = entries + "; known gaps: " + String.join("; ", gaps);
        lines.add(region(asked, Status.PART_ANSWERED, known));
      } else if (disclosed > 0) {
        lines.add(region(asked, Status.ANSWERED, entries));
      } else if (!withheld) {
        lines.add(region(asked, Status.EMPTY, entries));
      }
    }
    if (withheld) {
      lines.add(withheld(asked));
    }
    unread.forEach((miss, types) -> lines.add(missed(asked, miss, types)));
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

  private static List<String> gaps(
      PeerAnswer.Answered answered, RegionView view, List<Flaw> setAside) {
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
    ListWarnings.of(view.kept().stream().map(Placed::entry).toList()).stream()
        .map(gap -> "List: " + gap.why())
        .forEach(gaps::add);
    view.standing().gap().ifPresent(gaps::add);
    if (!setAside.isEmpty()) {
      gaps.add(
          setAside.size()
              + (setAside.size() == 1 ? " entry was" : " entries were")
              + " set aside as not safe to show: "
              + Flaw.words(Flaw.counted(setAside)));
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

  private static AccountLine missed(Contribution.Asked asked, Miss miss, List<String> types) {
    return new AccountLine(
        asked.region(),
        Status.of(miss),
        types,
        (types.isEmpty() ? "" : String.join(", ", types) + ": ") + words(miss),
        miss instanceof Miss.Refused ? Origin.REGION : Origin.GATEWAY,
        asked.rules());
  }

  private static String words(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ -> "no answer in the time allowed";
      case Miss.Unreachable(String why) -> "no connection: " + why;
      case Miss.Failing(String why) -> "failing: " + why;
      case Miss.Throttled(var retryAfter) ->
          "its quota is spent"
              + retryAfter.map(wait -> "; ask again in " + wait.toSeconds() + " s").orElse("");
      case Miss.NoRoom _ -> "it sent more than the gateway could hold beside others; ask again";
      case Miss.Refused _ -> "the region refused this asker";
    };
  }

  /** Kept silent, it looks like a patient who is not known there. */
  private static AccountLine withheldWhole(Contribution.Asked asked, Reason reason) {
    return asked.policy().tells(reason) ? withheld(asked) : notMatched(asked);
  }

  /** Never what, how much, or why. */
  private static AccountLine withheld(Contribution.Asked asked) {
    return gateway(
        asked.region(),
        Status.WITHHELD,
        "information is withheld under sharing rules",
        asked.rules());
  }

  private static AccountLine notMatched(Contribution.Asked asked) {
    return region(asked, Status.NOT_MATCHED, "no patient matched there that it may share");
  }

  private static AccountLine consentUnknown(Contribution.Asked asked) {
    return gateway(
        asked.region(),
        Status.CONSENT_UNKNOWN,
        "whether the patient objects could not be established; nothing of it is disclosed",
        asked.rules());
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
