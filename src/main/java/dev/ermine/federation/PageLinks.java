package dev.ermine.federation;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.merge.Link;
import dev.ermine.merge.Merged;
import dev.ermine.merge.Page;
import dev.ermine.merge.Status;
import dev.ermine.merge.order.Cursor;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.Requester;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The links by which an asker goes on: each holds in a sealed token what the next answer needs, so
 * that any gateway can give it and none keeps anything. They are good for the asker and the purpose
 * that they were given to, under the trust that was in force.
 */
final class PageLinks {

  /** The relation of the link to what came late. */
  static final String LATE_ARRIVALS = "https://ermine.dev/rel/late-arrivals";

  private static final Opened GONE =
      closed(
          Failure.PAGE_GONE,
          Issue.Code.NOT_FOUND,
          "this page is not to be had, or no longer: ask the question anew");

  private static final Opened ANOTHERS =
      closed(
          Failure.PAGE_OF_ANOTHER,
          Issue.Code.FORBIDDEN,
          "this page was begun by another asker, in another role or for another purpose: ask the"
              + " question anew");

  private static final Opened OUTDATED =
      closed(
          Failure.PAGE_OUTDATED,
          Issue.Code.BUSINESS_RULE,
          "trust or agreements between the regions have changed since the first page: ask the question"
              + " anew, and discard the pages that you have");

  /** The longest name of an entry in an order. */
  private static final String LONGEST_NAME = "n".repeat(128);

  private final PageTokens tokens;
  private final String base;

  /**
   * @param gateway the gateway's base URL, without trailing slash
   */
  PageLinks(PageTokens tokens, String gateway) {
    this.tokens = tokens;
    this.base = gateway + "/fhir?_page_token=";
  }

  /** What became of a token. */
  sealed interface Opened {

    /** It leads on. */
    record Onward(Progress progress) implements Opened {}

    /** It does not. */
    record Closed(Unanswered refusal) implements Opened {}
  }

  /** How far the asker has come, by a token that was given to them under this version of trust. */
  Opened open(String token, Requester requester, Regions regions, Instant now) {
    return switch (tokens.open(token, now)) {
      case PageTokens.Opened.Gone _ -> GONE;
      case PageTokens.Opened.Content(var content) ->
          open(new Claims(content), content, requester, regions);
    };
  }

  private static Opened open(
      Claims claims, Map<String, Object> content, Requester requester, Regions regions) {
    if (!claims.text("asker").equals(Optional.of(mark(requester)))) {
      return ANOTHERS;
    }
    if (!claims.text("trust").equals(Optional.of(regions.hash()))) {
      return OUTDATED;
    }
    try {
      return new Opened.Onward(new ProgressClaims(askable(requester, regions)).read(content));
    } catch (IllegalArgumentException _) {
      return GONE; // sealed by a gateway of another version, which writes it otherwise
    }
  }

  private static Opened closed(Failure failure, Issue.Code code, String text) {
    return new Opened.Closed(Unanswered.because(failure, code, text));
  }

  /**
   * Why the pages of a sequence cannot be carried by tokens that fit in an address.
   *
   * <p>Looked at before anyone is asked: a page that nobody can go on from must not be given.
   */
  Optional<Unanswered> refusal(
      Progress progress, Requester requester, Regions regions, Instant now) {
    return !progress.isPaged()
            || link("next", grown(progress, requester), requester, regions, now).isPresent()
        ? Optional.empty()
        : Optional.of(
            Unanswered.because(
                Failure.TOO_LONG_TO_PAGE,
                Issue.Code.TOO_LONG,
                "the query is too long to be carried from page to page; ask with fewer or shorter"
                    + " filters, or without `_count`"));
  }

  /** As much as there may ever be in the token of a page. */
  private static Progress grown(Progress progress, Requester requester) {
    FhirQuery query = progress.query();
    Cursor longest =
        new Cursor(
            Collections.nCopies(query.results().sort().size(), OptionalLong.of(Long.MIN_VALUE)),
            requester.region(),
            Collections.max(query.types(), Comparator.comparingInt(String::length)),
            LONGEST_NAME);
    return new Progress(
        query,
        progress.wishes(),
        Optional.empty(),
        Optional.of(longest),
        progress.only(),
        Map.of(requester.region(), Status.TIMED_OUT),
        Optional.of(Map.of()));
  }

  /** Those of a page: where it is itself, the next one, and what came late. */
  List<Link> of(
      Progress progress,
      Page page,
      Merged whole,
      Requester requester,
      Regions regions,
      Instant now) {
    List<Link> links = new ArrayList<>();
    progress.token().ifPresent(token -> links.add(new Link("self", base + token)));
    page.last()
        .map(last -> progress.after(last, whole))
        .map(rest -> link("next", rest, requester, regions, now).orElseThrow())
        .ifPresent(links::add);
    progress
        .late(whole)
        .flatMap(late -> link(LATE_ARRIVALS, late, requester, regions, now))
        .ifPresent(links::add);
    return links;
  }

  private Optional<Link> link(
      String relation, Progress progress, Requester requester, Regions regions, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("asker", mark(requester));
    claims.put("trust", regions.hash());
    claims.putAll(new ProgressClaims(askable(requester, regions)).of(progress));
    return tokens
        .seal(claims, now.plus(PageTokens.LIFETIME))
        .map(token -> new Link(relation, base + token));
  }

  private static List<RegionId> askable(Requester requester, Regions regions) {
    return regions.peersOf(requester.region()).stream().map(Region::id).toList();
  }

  /** A mark of who asks, in which roles, and for which purposes: 128 bits. */
  private static String mark(Requester requester) {
    Stream<String> roles = requester.roles().stream().map(PageLinks::text).sorted();
    Stream<String> purposes = requester.purposes().stream().map(PurposeOfUse::code).sorted();
    List<String> parts =
        Stream.of(
                Stream.of(
                    requester.region().value(),
                    requester.sender().value(),
                    requester.issuer(),
                    requester.subject(),
                    requester.organisation().ods(),
                    requester.userId().orElse("")),
                roles,
                Stream.of(""),
                purposes)
            .flatMap(it -> it)
            .toList();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest(parts));
  }

  private static String text(Coding role) {
    return role.system() + "|" + role.code();
  }

  /** Each part with its length before it: no two lists of parts read alike. */
  private static byte[] digest(List<String> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
      }
      return Arrays.copyOf(digest.digest(), 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
