/**
 * What stands in a lane beside its bar: windows under it, events, crosses and triangles over it. Each is told from the
 * others by its shape, so that nothing is lost without colour.
 *
 * @import { Chart, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { Lane, LaneEvent, LanesChart, LaneWindow } from './lanes-chart.js'
 */
import { lettering } from './lettering.js'

/** A window of a day among years is still to be seen, and so is what stands in its middle. */
const narrowestWindow = 5
const narrowestSigned = 13

/** A window that ends on the last day of the plot shows its edge. */
const overEdge = 5

/** Lower lanes have room for marks only. */
const roomyLane = 18

/** @param {LanesChart} data @param {Palette} palette @returns {Plugin<'bar'>} */
export function laneMarks(data, palette) {
  return {
    id: 'laneMarks',
    beforeDraw(chart) {
      if (data.today !== null && isInPlot(chart, data.today)) drawToday(chart, palette, data.today, data.todayLabel)
    },
    beforeDatasetsDraw(chart) {
      for (const { lane, brush } of lanesOf(chart, palette, data)) {
        brush.lead(lane)
        for (const window of lane.windows) brush.band(window)
      }
    },
    afterDatasetsDraw(chart) {
      for (const { lane, brush } of lanesOf(chart, palette, data)) {
        for (const window of lane.windows) brush.sign(window)
        for (const event of lane.events) brush.disc(event)
        if (lane.exit) brush.exit(lane.exit, lane, data.today)
      }
    },
  }
}

/** @param {Chart<'bar'>} chart @param {Palette} palette @param {LanesChart} data */
function lanesOf(chart, palette, { lanes }) {
  return lanes.map((lane, i) => ({ lane, brush: laneBrush(chart, palette, i) }))
}

/** @param {Chart<'bar'>} chart @param {Palette} palette @param {number} number of the lane */
function laneBrush(chart, palette, number) {
  const { ctx, chartArea } = chart
  const middle = y(chart, number)
  const height = y(chart, number + 1) - middle
  const radius = Math.min(4, height / 4)
  const betweenWindows = height >= roomyLane ? 4 : 2

  /** @param {LaneWindow} window */
  const box = (window) => {
    const isSigned = window.standing === 'missed' || window.standing === 'overdue'
    const { left, right } = edges(chart, window, isSigned ? narrowestSigned : narrowestWindow)
    const top = crisp(middle - height / 2 + betweenWindows / 2)
    return { left, top, width: right - left, height: height - betweenWindows - 1 }
  }

  return {
    /** From the label to where the lane begins. @param {Lane} lane */
    lead(lane) {
      const begin = Math.min(...[...lane.bars, ...lane.windows].map(({ from }) => x(chart, from)), chartArea.right)
      ctx.fillStyle = palette.rule
      ctx.fillRect(chartArea.left, middle, Math.max(0, begin - chartArea.left), 1)
    },

    /** @param {LaneWindow} window */
    band(window) {
      const { left, top, width, height } = box(window)
      ctx.save()
      clipTo(ctx, {
        left: chartArea.left - overEdge,
        top: chartArea.top,
        width: chartArea.width + 2 * overEdge,
        height: chartArea.height,
      })
      ctx.beginPath()
      ctx.rect(left, top, width, height)
      if (window.standing !== 'upcoming') {
        ctx.fillStyle = palette.band80
        ctx.fill()
      }
      ctx.strokeStyle = edgeColor(window, palette)
      ctx.lineWidth = window.standing === 'overdue' ? 2 : 1
      ctx.setLineDash(window.standing === 'upcoming' ? [3, 2] : [])
      ctx.stroke()
      ctx.restore()
    },

    /** What a window that nothing happened in has in its middle. @param {LaneWindow} window */
    sign(window) {
      const { left, top, width, height } = box(window)
      const place = left + width / 2
      ctx.save()
      clipTo(ctx, { left: left + 1, top: top + 1, width: width - 2, height: height - 2 })
      if (window.standing === 'missed') cross(ctx, palette, place, middle, radius - 0.5)
      if (window.standing === 'overdue') triangle(ctx, palette, place, middle, radius + 0.5)
      ctx.restore()
    },

    /** Solid inside its window or without one, hollow outside. @param {LaneEvent} event */
    disc({ at, standing }) {
      if (!isInPlot(chart, at)) return
      const isOutside = standing === 'early' || standing === 'late'
      const place = x(chart, at)
      dot(ctx, place, middle, radius + 1.5, palette.sheet)
      dot(ctx, place, middle, radius, isOutside ? palette.ink : palette.accent)
      if (isOutside) dot(ctx, place, middle, radius - 1.5, palette.sheet)
    },

    /**
     * Beside what happened on about the same day, never over it; its word follows where the lane is free and high
     * enough for words.
     *
     * @param {{ at: number, label: string }} exit @param {Lane} lane @param {number | null} today
     */
    exit({ at, label }, { windows, events }, today) {
      if (!isInPlot(chart, at)) return
      const { write, width } = lettering(chart, palette)
      const besideDisc = 2 * radius + 3
      const discs = events
        .map((event) => x(chart, event.at))
        .filter((disc) => Math.abs(disc - x(chart, at)) < besideDisc)
      const place = Math.max(x(chart, at), ...discs.map((disc) => disc + besideDisc))
      cross(ctx, palette, place, middle, radius)
      if (height < roomyLane) return
      const days = [...events.map((event) => event.at), ...(today === null ? [] : [today])]
      const taken = [...days.map((day) => ({ from: day, until: day })), ...windows].map((span) => edges(chart, span))
      const markEnd = place + radius
      const begin = Math.max(markEnd, ...taken.filter(({ left }) => left <= markEnd).map(({ right }) => right)) + 6
      const end = begin + width(label)
      const isFree = end <= chartArea.right && taken.every(({ left }) => left <= markEnd || left > end + radius)
      if (isFree) write(label, begin, middle, { color: palette.ink2, halo: true })
    },
  }
}

/**
 * Whole days, the first and the last one too.
 *
 * @param {Chart<'bar'>} chart @param {{ from: number, until: number }} days @param {number} narrowest
 */
function edges(chart, { from, until }, narrowest = narrowestWindow) {
  const first = x(chart, from - 0.5)
  const last = x(chart, until + 0.5)
  const more = Math.max(0, narrowest - (last - first)) / 2
  return { left: crisp(first - more), right: crisp(last + more) }
}

/** @param {CanvasRenderingContext2D} ctx @param {{ left: number, top: number, width: number, height: number }} box */
function clipTo(ctx, { left, top, width, height }) {
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
}

/** @param {LaneWindow} window @param {Palette} palette */
function edgeColor({ standing }, { accent, alarm, ruleStrong }) {
  if (standing === 'upcoming') return ruleStrong
  return standing === 'overdue' ? alarm : accent
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius @param {string} color */
function dot(ctx, x, y, radius, color) {
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {number} x @param {number} y @param {number} arm */
function cross(ctx, { ink, sheet }, x, y, arm) {
  ctx.save()
  ctx.lineCap = 'square'
  for (const { color, width } of [
    { color: sheet, width: 5 },
    { color: ink, width: 2 },
  ]) {
    ctx.strokeStyle = color
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.moveTo(x - arm, y - arm)
    ctx.lineTo(x + arm, y + arm)
    ctx.moveTo(x - arm, y + arm)
    ctx.lineTo(x + arm, y - arm)
    ctx.stroke()
  }
  ctx.restore()
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {number} x @param {number} y @param {number} arm */
function triangle(ctx, { alarm, sheet }, x, y, arm) {
  ctx.save()
  ctx.lineJoin = 'round'
  ctx.strokeStyle = sheet
  ctx.lineWidth = 3
  ctx.fillStyle = alarm
  ctx.beginPath()
  ctx.moveTo(x, y - arm)
  ctx.lineTo(x + arm, y + arm * 0.8)
  ctx.lineTo(x - arm, y + arm * 0.8)
  ctx.closePath()
  ctx.stroke()
  ctx.fill()
  ctx.restore()
}

/**
 * Under everything else; the word above it stays on the canvas.
 *
 * @param {Chart<'bar'>} chart @param {Palette} palette @param {number} today @param {string} label
 */
function drawToday(chart, palette, today, label) {
  const { ctx, chartArea } = chart
  const { write, width } = lettering(chart, palette)
  const half = width(label, true) / 2
  const place = x(chart, today)
  write(label, Math.max(half, Math.min(place, chart.width - half)), 12, {
    color: palette.ink,
    bold: true,
    align: 'center',
  })
  ctx.save()
  ctx.strokeStyle = palette.ink
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(crisp(place), 20)
  ctx.lineTo(crisp(place), chartArea.bottom)
  ctx.stroke()
  ctx.restore()
}

/** @param {Chart<'bar'>} chart @param {number} day */
const isInPlot = ({ scales }, day) => day >= (scales.x?.min ?? day) && day <= (scales.x?.max ?? day)

/** @param {number} pixel */
const crisp = (pixel) => Math.round(pixel - 0.5) + 0.5

/** @param {Chart<'bar'>} chart @param {number} day */
const x = (chart, day) => chart.scales.x?.getPixelForValue(day) ?? 0

/** @param {Chart<'bar'>} chart @param {number} lane */
const y = (chart, lane) => chart.scales.y?.getPixelForValue(lane) ?? 0
