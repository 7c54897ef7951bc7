package dev.ermine.merge;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Alternates;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.origin.Origins;
import dev.ermine.merge.quality.Census;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One view over all regions: what is disclosed, and the account of what is not.
 *
 * @param shares what each region that could be read discloses, in the order of {@code regions.yaml}
 * @param sequence how the entries of these stand in the Bundle
 * @param links of the Bundle, besides {@code self} or in its place
 * @param account a line or more for every known region, in the same order
 * @param closing what is to be said after the account
 * @param alternates which entries record the same fact
 * @param conflicts contradictions between entries, allergies first
 * @param told {@code region/Type/id} of what is not in the Bundle, and that a conflict tells of
 * @param notes what is to be said of the answer as a whole, between these and the account
 * @param flags what is to be said of single entries, after the account
 * @param census what the entries of each region that answered come to
 */
public record Merged(
    FhirQuery query,
    String gateway,
    String requestId,
    Instant at,
    List<Share> shares,
    Sequence sequence,
    List<Link> links,
    List<AccountLine> account,
    List<Issue> closing,
    Alternates alternates,
    List<Conflict> conflicts,
    List<String> told,
    List<Remark> notes,
    List<Remark> flags,
    Map<RegionId, Census> census) {

  /**
   * What one region discloses.
   *
   * @param entries those that stand in the Bundle as it sent them
   * @param folded those that others stand for
   * @param again those that it sent, and that stand there already as another region sent them
   * @param elsewhere those that stand on other pages, and that this one tells of
   * @param origins whose record they come from
   */
  record Share(
      Region region,
      RegionBase base,
      List<Placed> entries,
      List<Placed> folded,
      List<Placed> again,
      List<Placed> elsewhere,
      Origins origins) {
    Share {
      entries = List.copyOf(entries);
      folded = List.copyOf(folded);
      again = List.copyOf(again);
      elsewhere = List.copyOf(elsewhere);
    }

    /** All that came from it and is told of: who knows an entry to be alike knows what it says. */
    List<Placed> disclosed() {
      return Stream.of(entries, folded, again, elsewhere).flatMap(List::stream).toList();
    }

    /** The same without those that stand no longer by themselves. */
    Share folding(Set<String> hidden) {
      List<Placed> shown = new ArrayList<>();
      List<Placed> behind = new ArrayList<>(folded);
      for (Placed placed : entries) {
        (hidden.contains(placed.fullUrl()) ? behind : shown).add(placed);
      }
      return new Share(region, base, shown, behind, again, elsewhere, origins);
    }

    /**
     * What a page shows of it.
     *
     * @param here what stands there
     * @param standing the same, with what others stand for there
     * @param told what the page tells of, wherever it stands
     */
    Share on(Set<String> here, Set<String> standing, Set<String> told) {
      Predicate<Placed> isHere = placed -> here.contains(placed.fullUrl());
      Predicate<Placed> stands = placed -> standing.contains(placed.fullUrl());
      Predicate<Placed> isTold = placed -> told.contains(placed.fullUrl());
      return new Share(
          region,
          base,
          Stream.concat(entries.stream(), folded.stream()).filter(isHere).toList(),
          folded.stream().filter(stands.and(isHere.negate())).toList(),
          again.stream().filter(stands).toList(),
          disclosed().stream().filter(isTold.and(stands.negate())).toList(),
          origins);
    }

    /** {@code region/Type/id} of each of these. */
    Stream<String> references() {
      return disclosed().stream()
          .map(Placed::entry)
          .map(entry -> region.id() + "/" + entry.type() + "/" + entry.id().orElse("?"));
    }

    /** How those came that are in the Bundle, or stood for there. */
    Routes routes() {
      return new Routes(
          region, origins, Stream.of(entries, folded, again).flatMap(List::stream).toList());
    }
  }

  public Merged {
    shares = List.copyOf(shares);
    links = List.copyOf(links);
    account = List.copyOf(account);
    closing = List.copyOf(closing);
    conflicts = List.copyOf(conflicts);
    told = List.copyOf(told);
    notes = List.copyOf(notes);
    flags = List.copyOf(flags);
    census = Map.copyOf(census);
  }

  /** What a page shows of it. */
  public Page page(Cut cut) {
    return Cutting.page(this, cut);
  }

  /** For each region that discloses anything, a digest of all that it discloses: 64 bits. */
  public Map<RegionId, Long> digests() {
    return Digests.of(shares, sequence.order().unsorted());
  }

  /** The same, with the account saying that the records of those regions have changed meanwhile. */
  public Merged changed(Set<RegionId> regions) {
    return with(
        account.stream()
            .map(line -> regions.contains(line.region().id()) ? line.changed() : line)
            .toList(),
        links);
  }

  /** The same with those links, one of which may take the place of its {@code self}. */
  public Merged linked(List<Link> those) {
    return with(account, those);
  }

  private Merged with(List<AccountLine> lines, List<Link> those) {
    return new Merged(
        query,
        gateway,
        requestId,
        at,
        shares,
        sequence,
        those,
        lines,
        closing,
        alternates,
        conflicts,
        told,
        notes,
        flags,
        census);
  }

  /** Another view of the same answer. */
  Merged with(
      List<Share> shown,
      Sequence order,
      List<Conflict> contradictions,
      List<String> persons,
      List<Remark> remarks,
      List<Remark> remarksOnEntries) {
    return new Merged(
        query,
        gateway,
        requestId,
        at,
        shown,
        order,
        links,
        account,
        closing,
        alternates,
        contradictions,
        persons,
        remarks,
        remarksOnEntries,
        census);
  }

  /** The searchset, its bytes spliced from what the regions sent. */
  public Gather bundle() {
    return new SearchsetWriter(this).write();
  }

  /**
   * The International Patient Summary: a document of all that is disclosed, the bytes spliced from
   * what the regions sent.
   *
   * @param reference what the asker's own token says of the patient; empty: no more than the number
   * @param author whose gateway this is
   */
  public Gather summary(
      Optional<Demographics> reference, Organisation author, Narrative narrative) {
    return new SummaryWriter(this, reference, author, narrative).write();
  }

  /**
   * The issues of the OperationOutcome: the sentence, conflicts, the account, what else there is to
   * say.
   */
  public List<Issue> issues() {
    return issues(Places.of(this));
  }

  List<Issue> issues(Places places) {
    List<Issue> issues = new ArrayList<>();
    issues.add(sentence());
    ConflictIssues.of(this).forEach(remark -> issues.add(remark.in(places)));
    notes.forEach(remark -> issues.add(remark.in(places)));
    account.stream().map(AccountLine::issue).forEach(issues::add);
    flags.forEach(remark -> issues.add(remark.in(places)));
    issues.addAll(closing);
    return issues;
  }

  /**
   * The number of matches, only when every asked region was read whole: of those that are shown on
   * all pages, so that who counts them finds as many.
   */
  public Optional<Integer> total() {
    boolean whole =
        account.stream().map(AccountLine::status).filter(Status::asked).allMatch(Status::whole);
    return whole ? Optional.of(sequence.total()) : Optional.empty();
  }

  /** {@code region/Type/id} of everything disclosed, be it told of alone. */
  public List<String> released() {
    return query.countOnly()
        ? List.of()
        : Stream.concat(shares.stream().flatMap(Share::references), told.stream()).toList();
  }

  /** The regions of which something is disclosed. */
  public List<RegionId> contributors() {
    return shares.stream()
        .filter(share -> !share.disclosed().isEmpty())
        .map(share -> share.region().id())
        .toList();
  }

  /** The other regions that what is disclosed comes from by way of these, or may come from. */
  public Set<RegionId> origins() {
    Set<RegionId> origins = new TreeSet<>();
    for (Share share : shares) {
      for (Placed placed : share.disclosed()) {
        share.origins().of(placed.entry()).claimed().forEach(it -> origins.add(it.id()));
      }
    }
    return origins;
  }

  /** Each region's status in one word: the gravest of its lines. */
  public Map<RegionId, Status> statuses() {
    Map<RegionId, Status> statuses = new LinkedHashMap<>();
    for (AccountLine line : account) {
      statuses.merge(line.region().id(), line.status(), Merged::graver);
    }
    return statuses;
  }

  /** A region with lines that differ has answered in part, if it said anything at all. */
  private static Status graver(Status first, Status second) {
    if (second == Status.NOT_ASKED || first == second) {
      return first;
    }
    if (first.whole() && second.whole()) {
      return first.lacking() ? first : second;
    }
    return first.spoke() || second.spoke() ? Status.PART_ANSWERED : first;
  }

  private Issue sentence() {
    Map<RegionId, Status> statuses = statuses();
    long asked = statuses.values().stream().filter(Status::asked).count();
    long full = statuses.values().stream().filter(Status::asked).filter(s -> !s.lacking()).count();
    List<String> lacking = lacking(statuses);
    String text =
        lacking.isEmpty()
            ? (asked == 1
                ? "The 1 region asked has answered. "
                : "All " + asked + " regions asked have answered. ")
            : full
                + " of "
                + asked
                + " regions asked have answered in full; "
                + String.join(", ", lacking)
                + ". ";
    return new Issue(
        lacking.isEmpty() ? Issue.Severity.INFORMATION : Issue.Severity.WARNING,
        lacking.isEmpty() ? Issue.Code.INFORMATIONAL : Issue.Code.INCOMPLETE,
        text + Account.CLOSING,
        List.of(),
        Optional.empty(),
        List.of());
  }

  private List<String> lacking(Map<RegionId, Status> statuses) {
    return statuses.entrySet().stream()
        .filter(entry -> entry.getValue().lacking())
        .flatMap(entry -> phrase(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Stream<String> phrase(RegionId id, Status status) {
    return account.stream()
        .map(AccountLine::region)
        .filter(region -> region.id().equals(id))
        .limit(1)
        .map(region -> region.name() + " " + phrase(status));
  }

  /** What a region has done, in words that follow its name. */
  static String phrase(Status status) {
    return switch (status) {
      case PART_ANSWERED -> "answered in part";
      case TIMED_OUT -> "has not answered in time";
      case UNREACHABLE -> "could not be reached";
      case FAILING -> "failed to answer";
      case THROTTLED -> "could not be asked as often";
      case REFUSED -> "refused this asker";
      case QUARANTINED -> "answered for a patient who is not surely this one";
      case WITHHELD -> "withholds information under sharing rules";
      case CONSENT_UNKNOWN ->
          "shared nothing, since it could not be established whether the patient objects";
      case SUSPENDED -> "is suspended";
      case ANSWERED, EMPTY, NOT_MATCHED -> "answered";
      case NOT_ASKED -> "was not asked";
    };
  }
}
