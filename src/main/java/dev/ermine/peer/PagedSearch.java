package dev.ermine.peer;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PeerBody;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One search of one type, page after page, up to the region's limits. What was read before
 * something went wrong is kept, with a gap that says so.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#paging">FHIR R4: paging</a>
 */
final class PagedSearch {

  /** A reader of our pages must not look for it there. */
  private static final String BEYOND = " and no page of this answer has the rest";

  private final Conversation conversation;
  private final Region.Limits limits;
  private final List<Parameter> filters;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<Gap> gaps = new LinkedHashSet<>();
  private final Set<URI> visited = new HashSet<>();
  private List<Parameter> unsaid = List.of();
  private int pages;

  private PagedSearch(Conversation conversation, List<Parameter> filters) {
    this.conversation = conversation;
    this.filters = filters;
    this.limits = conversation.answers().limits();
  }

  /** Searches {@code type} by {@code parameters}. */
  static Future<SearchResult> of(
      Conversation conversation, String type, List<Parameter> parameters) {
    return of(conversation, type, parameters, List.of());
  }

  /**
   * The same of a search that an asker has filtered.
   *
   * @param filters those of the parameters that the region shall say it applied
   */
  static Future<SearchResult> of(
      Conversation conversation, String type, List<Parameter> parameters, List<Parameter> filters) {
    return new PagedSearch(conversation, filters)
        .page(PeerRequest.search(conversation.answers(), type, parameters));
  }

  private Future<SearchResult> page(PeerRequest request) {
    visited.add(request.uri());
    // One more than there may be, to tell that there are more.
    return conversation
        .read(request, limits.entries() - entries.size() + 1)
        .compose(reading -> take(reading, request.uri()));
  }

  private Future<SearchResult> take(Reading reading, URI address) {
    return switch (reading) {
      case Reading.Hidden() -> Future.succeededFuture(new SearchResult.Hidden());
      case Reading.Objected() -> Future.succeededFuture(new SearchResult.Objected());
      case Reading.Absent() when pages == 0 -> Future.succeededFuture(new SearchResult.Absent());
      case Reading.Absent() -> broken(new Miss.Failing("a later page is not there"));
      case Reading.Missing(Miss miss) -> broken(miss);
      case Reading.Body(PeerBody body) -> take(body, address);
    };
  }

  private Future<SearchResult> take(PeerBody body, URI address) {
    return switch (body) {
      case PeerBody.Searchset page when failed(page) ->
          broken(new Miss.Failing("it reported an error in place of entries"));
      case PeerBody.Searchset page -> take(page, address);
      case PeerBody.Resource any -> broken(new Miss.Failing("a resource in place of a searchset"));
      case PeerBody.Outcome any ->
          broken(new Miss.Failing("an OperationOutcome in place of a searchset"));
      case PeerBody.Unreadable(String why) -> broken(new Miss.Failing(why));
    };
  }

  private static boolean failed(PeerBody.Searchset page) {
    return page.entries().isEmpty() && page.warnings().stream().anyMatch(Warnings::fails);
  }

  private Future<SearchResult> take(PeerBody.Searchset page, URI address) {
    if (pages++ == 0) {
      unsaid = SelfLink.unsaid(filters, page.self());
    }
    gaps.addAll(Warnings.gaps(page.warnings()));
    int room = limits.entries() - entries.size();
    entries.addAll(page.entries().subList(0, Math.min(room, page.entries().size())));
    if (page.entries().size() > room) {
      return done(new Gap(Gap.Kind.LIMIT, "it has more entries than its limit allows," + BEYOND));
    }
    return page.next().map(next -> follow(next, address)).orElseGet(this::done);
  }

  private Future<SearchResult> follow(String next, URI address) {
    if (pages >= limits.pages()) {
      return done(
          new Gap(Gap.Kind.LIMIT, "it has more pages of its own than its limit allows," + BEYOND));
    }
    Optional<URI> target = NextLink.resolve(conversation.answers().base(), address, next);
    if (target.isEmpty()) {
      return done(new Gap(Gap.Kind.BAD_NEXT, "its next page leads away from its base"));
    }
    if (visited.contains(target.get())) {
      return done(new Gap(Gap.Kind.BAD_NEXT, "its next page leads back to one already read"));
    }
    return page(PeerRequest.page(target.get()));
  }

  private Future<SearchResult> broken(Miss miss) {
    if (pages == 0) {
      return Future.succeededFuture(new SearchResult.Missing(miss));
    }
    if (miss.equals(Faults.TOO_LARGE)) {
      return done(
          new Gap(
              Gap.Kind.LIMIT,
              "a later page of its own has more bytes than its limit allows," + BEYOND));
    }
    if (miss.equals(Faults.NO_ROOM)) {
      return done(
          new Gap(
              Gap.Kind.LIMIT,
              "a later page of its own was more than the gateway could hold beside others,"
                  + BEYOND));
    }
    return done(
        miss instanceof Miss.TimedOut
            ? new Gap(Gap.Kind.TIMED_OUT, "later pages of its own did not come in time")
            : new Gap(Gap.Kind.BROKEN_PAGE, "a later page of its own could not be read"));
  }

  private Future<SearchResult> done(Gap last) {
    gaps.add(last);
    return done();
  }

  private Future<SearchResult> done() {
    return Future.succeededFuture(new SearchResult.Found(entries, List.copyOf(gaps), unsaid));
  }
}
