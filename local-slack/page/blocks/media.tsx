/** Images, videos and files. A video is shown as what it links to: nothing is embedded from elsewhere. */
import type { FileBlock, ImageBlock, ImageElement, VideoBlock } from '@slack/types';
import { useState } from 'preact/hooks';
import type { SlackFile } from '../../protocol.ts';
import { Icon } from '../icons.tsx';
import { OutLink, plainOf } from '../text/text-view.tsx';

type Pictured = Pick<ImageElement, 'alt_text'> & {
  image_url?: string;
  slack_file?: { id?: string; url?: string };
};

function sourceOf(image: Pictured): string {
  if (image.image_url) return image.image_url;
  if (image.slack_file?.url) return image.slack_file.url;
  return image.slack_file?.id ? `/files/${image.slack_file.id}` : '';
}

function Picture({ image, class: look }: { image: Pictured; class: string }) {
  const [failed, setFailed] = useState(false);
  const source = sourceOf(image);
  if (failed || !/^(https?:|\/)/i.test(source)) {
    return (
      <span class={`${look} image-missing`} role="img" aria-label={image.alt_text}>
        {look === 'image-small' ? '' : `Image not loaded: ${image.alt_text}`}
      </span>
    );
  }
  return (
    <img
      class={look}
      src={source}
      alt={image.alt_text}
      loading="lazy"
      referrerpolicy="no-referrer"
      onError={() => setFailed(true)}
    />
  );
}

export function ImageElementView({ element }: { element: ImageElement }) {
  return <Picture image={element as Pictured} class="image-accessory" />;
}

export function SmallImage({ image }: { image: ImageElement }) {
  return <Picture image={image as Pictured} class="image-small" />;
}

export function HeroImage({ image }: { image: ImageElement }) {
  return <Picture image={image as Pictured} class="image-hero" />;
}

export function ImageBlockView({ block }: { block: ImageBlock }) {
  return (
    <figure class="image-block">
      {block.title && <figcaption>{plainOf(block.title)}</figcaption>}
      <Picture image={block as Pictured} class="image-full" />
    </figure>
  );
}

export function VideoView({ block }: { block: VideoBlock }) {
  const title = plainOf(block.title);
  const source = [block.provider_name, block.author_name].filter(Boolean).join(' · ');
  return (
    <div class="video-block">
      {source && <small>{source}</small>}
      <div class="video-title">
        {block.title_url ? <OutLink url={block.title_url}>{title}</OutLink> : title}
      </div>
      {block.description && <div>{plainOf(block.description)}</div>}
      <a
        class="video-frame"
        href={block.video_url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={`Play: ${block.alt_text}`}
      >
        <Picture image={{ alt_text: block.alt_text, image_url: block.thumbnail_url }} class="image-full" />
        <span class="video-play">
          <Icon name="play" size={28} />
        </span>
      </a>
    </div>
  );
}

export function FileBlockView({ block }: { block: FileBlock }) {
  return (
    <div class="file-card">
      <Icon name="file" size={22} />
      <span>
        <strong>Remote file</strong>
        <small>{block.external_id}</small>
      </span>
    </div>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A file that hangs on a message. */
export function SharedFile({ file }: { file: SlackFile }) {
  const title = file.title ?? file.name;
  if (file.mimetype.startsWith('image/')) {
    return (
      <figure class="image-block">
        <figcaption>
          <a href={file.url_private} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        </figcaption>
        <Picture
          image={{ alt_text: file.alt_text ?? title, image_url: file.url_private }}
          class="image-full"
        />
      </figure>
    );
  }
  return (
    <a class="file-card" href={file.url_private} target="_blank" rel="noopener noreferrer">
      <Icon name="file" size={22} />
      <span>
        <strong>{title}</strong>
        <small>
          {file.mimetype} · {sizeOf(file.size)}
        </small>
      </span>
    </a>
  );
}
