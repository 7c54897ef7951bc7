package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.PeerQuestion.Document.At;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.ResourceId;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.document.ByteRange;
import dev.ermine.merge.document.Content;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a document is asked for: as the Binary that wraps it, which is looked into, or where the
 * region has none in FHIR or one too large to be held, as the document itself, which is passed on.
 *
 * @see <a href="https://hl7.org/fhir/R4/binary.html#rest">FHIR R4: serving Binary</a>
 */
final class DocumentWalk {

  private static final String FHIR_FIRST = "application/fhir+json;q=0.9, */*;q=0.8";
  private static final String ITSELF = "*/*";
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  private static final String NO_REFERENCE = "its document's security context is not a reference";

  /** What one that is passed on takes in memory, on all its way through this process. */
  private static final int WINDOW = 128 * 1024;

  private static final Duration SOON = Duration.ofSeconds(1);

  /** A literal reference, relative or absolute, and nothing beside it. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:https://[A-Za-z0-9.:/_-]{1,500}/)?[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}");

  private final PeerQuestion.Document document;
  private final Conversation conversation;
  private final Documents documents;

  DocumentWalk(PeerQuestion.Document document, Conversation conversation, Documents documents) {
    this.document = document;
    this.conversation = conversation;
    this.documents = documents;
  }

  Future<PeerAnswer> answer() {
    if (document.at() instanceof At.Binary(String id) && !ResourceId.isValid(id)) {
      return Future.succeededFuture(new PeerAnswer.NotMatched());
    }
    if (!documents.enter(conversation.answers().limits().documents())) {
      return missed(new Miss.Throttled(Optional.of(SOON)));
    }
    return Future.succeededFuture()
        .compose(any -> inPlace())
        .onComplete(
            done -> {
              if (!isOpen(done.result())) {
                documents.leave();
              }
            });
  }

  private static boolean isOpen(@Nullable PeerAnswer answer) {
    return answer instanceof PeerAnswer.Document(OpenDocument _, _);
  }

  private Future<PeerAnswer> inPlace() {
    return document.call().room().take(WINDOW, 0)
        ? ask(FHIR_FIRST, document.range())
        : missed(Faults.NO_ROOM);
  }

  private Future<PeerAnswer> ask(String accept, Optional<ByteRange> range) {
    return conversation
        .open(request(accept), range)
        .compose(
            reply ->
                switch (reply) {
                  case Reply.Opened opened -> opened(opened, accept, range);
                  case Reply.Response response -> held(response, accept, range);
                  case Reply.Failed(Miss miss, _) ->
                      miss.equals(Faults.TOO_LARGE) && accept.equals(FHIR_FIRST)
                          ? ask(ITSELF, range)
                          : missed(miss);
                });
  }

  private PeerRequest request(String accept) {
    return switch (document.at()) {
      case At.Binary(String id) -> PeerRequest.read(conversation.answers(), "Binary", id, accept);
      case At.Address(var url) -> PeerRequest.document(url, accept);
    };
  }

  private Future<PeerAnswer> opened(Reply.Opened opened, String accept, Optional<ByteRange> range) {
    Found found = found(opened, range);
    if (!(found instanceof Found.Open(PeerAnswer.Document open))) {
      opened.body().close();
    }
    return switch (found) {
      case Found.Open(PeerAnswer.Document open) -> Future.succeededFuture(open);
      case Found.Wrong(String why) -> missed(new Miss.Failing(why));
      case Found.NoPart _ -> ask(accept, Optional.empty());
    };
  }

  /** What the head of a document says. */
  private sealed interface Found {
    record Open(PeerAnswer.Document document) implements Found {}

    record Wrong(String why) implements Found {}

    /** A part that cannot be used, where the whole can. */
    record NoPart() implements Found {}
  }

  private Found found(Reply.Opened opened, Optional<ByteRange> range) {
    if (misleads(opened.securityContext())) {
      return new Found.Wrong(NO_REFERENCE);
    }
    if (opened.status() == 200) {
      long announced = opened.body().announced();
      return open(opened, announced < 0 ? new Extent.Unannounced() : new Extent.Whole(announced));
    }
    return switch (ContentRange.read(opened.contentRange())) {
      case ContentRange.Unknown _ -> new Found.NoPart();
      case ContentRange.Stated(Extent.Part part) -> {
        boolean asked = range.flatMap(it -> it.of(part.of())).equals(Optional.of(part));
        long announced = opened.body().announced();
        yield !asked || (announced >= 0 && announced != part.to() - part.from())
            ? new Found.Wrong("its part of the document is not the one asked for")
            : part.of() > conversation.answers().limits().document()
                ? new Found.Wrong(Faults.DOCUMENT_TOO_LARGE.why())
                : open(opened, part);
      }
      case ContentRange.Malformed _ ->
          new Found.Wrong("its part of the document is not the one asked for");
    };
  }

  private Found open(Reply.Opened opened, Extent extent) {
    String type = opened.contentType().flatMap(MediaType::wellFormed).orElse(UNKNOWN_TYPE);
    return new Found.Open(
        new PeerAnswer.Document(
            new OpenDocument(type, extent, opened.body(), documents::leave),
            opened.securityContext()));
  }

  /**
   * A part of a resource cannot be looked into, and of a length that is not known there is none.
   */
  private Future<PeerAnswer> held(
      Reply.Response response, String accept, Optional<ByteRange> range) {
    if (range.isPresent() && (response.status() == 206 || response.status() == 416)) {
      return ask(accept, Optional.empty());
    }
    return conversation
        .meaning(response)
        .map(DocumentWalk::refused)
        .orElseGet(
            () ->
                misleads(response.securityContext())
                    ? missed(new Miss.Failing(NO_REFERENCE))
                    : conversation.scanned(response, 1).map(reading -> wrapped(reading, response)));
  }

  private static Future<PeerAnswer> refused(Reading reading) {
    return reading instanceof Reading.Missing(Miss miss)
        ? missed(miss)
        : Future.succeededFuture(new PeerAnswer.NotMatched());
  }

  /** A Binary resource: it is passed on as it is, with the context that header or content names. */
  private PeerAnswer wrapped(Reading reading, Reply.Response response) {
    return switch (reading) {
      case Reading.Body(PeerBody.Resource(Entry entry)) when isAsked(entry) -> {
        Set<String> contexts = new LinkedHashSet<>();
        response.securityContext().ifPresent(contexts::add);
        entry.references().stream()
            .filter(reference -> reference.element().equals("securityContext"))
            .forEach(
                reference -> contexts.add(reference.literal().map(Entry.Url::value).orElse("")));
        yield contexts.size() <= 1 && contexts.stream().allMatch(DocumentWalk::isReference)
            ? new PeerAnswer.Document(
                new Content.Wrapped(response.body()), contexts.stream().findFirst())
            : new PeerAnswer.Missed(
                new Miss.Failing("its document's security context is not one reference"));
      }
      case Reading.Missing(Miss miss) -> new PeerAnswer.Missed(miss);
      case Reading.Body(PeerBody.Unreadable(String why)) ->
          new PeerAnswer.Missed(new Miss.Failing(why));
      case Reading any ->
          new PeerAnswer.Missed(new Miss.Failing("something other than the document asked for"));
    };
  }

  private boolean isAsked(Entry entry) {
    return entry.type().equals("Binary")
        && switch (document.at()) {
          case At.Binary(String id) -> entry.id().filter(id::equals).isPresent();
          case At.Address _ -> true;
        };
  }

  private static boolean misleads(Optional<String> securityContext) {
    return securityContext.filter(context -> !isReference(context)).isPresent();
  }

  private static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  private static Future<PeerAnswer> missed(Miss miss) {
    return Future.succeededFuture(new PeerAnswer.Missed(miss));
  }
}
